ALTER TABLE area_versions DROP COLUMN labels;
ALTER TABLE areas DROP COLUMN labels;
