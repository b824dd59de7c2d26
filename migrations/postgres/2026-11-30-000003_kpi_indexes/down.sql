DROP TABLE agreed_versions;
DROP INDEX sessions_replacing;
DROP INDEX assessments_at;
DROP INDEX alerts_area;
