DROP INDEX signoffs_decided;
DROP INDEX signoffs_open;
DROP INDEX assessments_activity;
DROP INDEX known_browsers_token;
DROP INDEX people_names;
DROP INDEX people_admins;
