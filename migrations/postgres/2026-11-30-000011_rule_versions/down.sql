ALTER TABLE clearance_versions DROP COLUMN practice_from;
ALTER TABLE clearance_versions DROP COLUMN practice;
ALTER TABLE clearance_versions DROP COLUMN recency_days;
