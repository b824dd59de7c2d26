DROP TABLE agreed_versions;
DROP INDEX assessments_at;
DROP INDEX alerts_area;
