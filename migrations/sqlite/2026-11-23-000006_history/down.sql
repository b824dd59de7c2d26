ALTER TABLE drill_roles DROP COLUMN was_absent;
ALTER TABLE ramp_targets DROP COLUMN from_on;
DROP TABLE postmortem_area_spells;
DROP TABLE clearance_versions;
DROP TABLE area_versions;
DROP TABLE membership_spells;
DROP TABLE departures;
