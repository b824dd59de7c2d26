DROP TABLE session_feedback;
ALTER TABLE assessments DROP COLUMN evidence_asked_id;
DROP TABLE asked_observations;
