-- A changed rule of an area reaches clearances without an end date, so the rule of a clearance has a past.
ALTER TABLE clearance_versions ADD COLUMN recency_days INTEGER NOT NULL DEFAULT 90;
ALTER TABLE clearance_versions ADD COLUMN practice TEXT NOT NULL DEFAULT '1 practices';
ALTER TABLE clearance_versions ADD COLUMN practice_from DATE NOT NULL DEFAULT '1970-01-01';
UPDATE clearance_versions SET
  recency_days = (SELECT k.recency_days FROM clearances k WHERE k.id = clearance_versions.clearance_id),
  practice = (SELECT k.practice FROM clearances k WHERE k.id = clearance_versions.clearance_id),
  practice_from = (SELECT k.practice_from FROM clearances k WHERE k.id = clearance_versions.clearance_id);
