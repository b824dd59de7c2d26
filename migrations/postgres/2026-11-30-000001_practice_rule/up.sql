-- How much practice of which kinds the window of an area asks for, and how its clearances end. Old areas keep their
-- meaning: one practice of any kind, and some months.
ALTER TABLE areas ADD COLUMN practice TEXT NOT NULL DEFAULT '1 practices';
ALTER TABLE areas ADD COLUMN ends TEXT NOT NULL DEFAULT 'months';
ALTER TABLE area_versions ADD COLUMN practice TEXT NOT NULL DEFAULT '1 practices';
ALTER TABLE area_versions ADD COLUMN ends TEXT NOT NULL DEFAULT 'months';
-- The rule is copied at the grant, as recency_days is. What still counts on the day after holds_until is kept with it.
ALTER TABLE clearances ADD COLUMN practice TEXT NOT NULL DEFAULT '1 practices';
ALTER TABLE clearances ADD COLUMN practice_left INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clearance_versions ADD COLUMN practice_left INTEGER NOT NULL DEFAULT 0;
-- How long it was practised, where that is known.
ALTER TABLE activities ADD COLUMN minutes INTEGER CHECK (minutes > 0);
UPDATE activities SET minutes = (SELECT CAST(round(EXTRACT(EPOCH FROM f.ends_at - f.starts_at) / 60) AS INTEGER)
  FROM shifts f WHERE f.id = activities.shift_id AND f.ends_at > f.starts_at) WHERE shift_id IS NOT NULL;
UPDATE activities SET minutes = (SELECT d.minutes FROM drills d WHERE d.id = activities.drill_id AND d.minutes > 0)
  WHERE drill_id IS NOT NULL;
