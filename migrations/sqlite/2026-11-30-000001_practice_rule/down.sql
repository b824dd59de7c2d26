ALTER TABLE activities DROP COLUMN minutes;
ALTER TABLE clearance_versions DROP COLUMN practice_left;
ALTER TABLE clearances DROP COLUMN practice_left;
ALTER TABLE clearances DROP COLUMN practice;
ALTER TABLE area_versions DROP COLUMN ends;
ALTER TABLE area_versions DROP COLUMN practice;
ALTER TABLE areas DROP COLUMN ends;
ALTER TABLE areas DROP COLUMN practice;
