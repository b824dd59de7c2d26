DROP INDEX signoffs_decided;
DROP INDEX signoffs_open;
DROP INDEX people_admins;
