-- What was known at a moment is the last version before it: read from the last one back, without sorting.
DROP INDEX clearance_versions_clearance;
CREATE INDEX clearance_versions_clearance ON clearance_versions (clearance_id, id, at);
DROP INDEX area_versions_area;
CREATE INDEX area_versions_area ON area_versions (area_id, id, at);
DROP INDEX agreed_versions_person;
CREATE INDEX agreed_versions_person ON agreed_versions (person_id, id, at);
DROP INDEX ramp_changes_ramp;
CREATE INDEX ramp_changes_ramp ON ramp_changes (ramp_id, id, at);
