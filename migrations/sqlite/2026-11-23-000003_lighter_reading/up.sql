-- What many ramps' progress is read from, in the indexes alone.
DROP INDEX assessments_latest;
CREATE INDEX assessments_latest ON assessments (ramp_id, stream, competency_code, id, level) WHERE level IS NOT NULL;
DROP INDEX item_marks_ramp;
CREATE INDEX item_marks_ramp ON item_marks (ramp_id, item_code, id, mark);
