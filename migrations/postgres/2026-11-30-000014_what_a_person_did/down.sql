DROP INDEX ramps_mentee;
CREATE INDEX ramps_mentee ON ramps (mentee_id);
DROP INDEX alerts_person;
CREATE INDEX alerts_person ON alerts (person_id, area_id);
