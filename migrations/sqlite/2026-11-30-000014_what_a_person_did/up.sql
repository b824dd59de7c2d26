-- The ramps and alerts of a person in an area. With the person alone, SQLite walked all ramps of the area for each of them.
DROP INDEX ramps_mentee;
CREATE INDEX ramps_mentee ON ramps (mentee_id, area_id);
DROP INDEX alerts_person;
CREATE INDEX alerts_person ON alerts (person_id, area_id, at);
