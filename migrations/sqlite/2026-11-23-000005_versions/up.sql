-- Which version a running ramp was moved to, and from which.
CREATE TABLE ramp_upgrades (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  from_standard_id BIGINT NOT NULL REFERENCES standards (id),
  to_standard_id BIGINT NOT NULL REFERENCES standards (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX ramp_upgrades_ramp ON ramp_upgrades (ramp_id, id);
-- What a material version asks of everybody who is cleared: to show what changed. One that a later version takes up
-- is superseded by the one that asks for both.
CREATE TABLE delta_reviews (
  id INTEGER PRIMARY KEY,
  clearance_id BIGINT NOT NULL REFERENCES clearances (id),
  from_standard_id BIGINT NOT NULL REFERENCES standards (id),
  to_standard_id BIGINT NOT NULL REFERENCES standards (id),
  due_on DATE NOT NULL,
  opened_at TIMESTAMP NOT NULL,
  superseded_at TIMESTAMP,
  closed_by BIGINT REFERENCES people (id),
  closed_at TIMESTAMP,
  closing_note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX delta_reviews_one_open ON delta_reviews (clearance_id) WHERE closed_at IS NULL AND superseded_at IS NULL;
CREATE INDEX delta_reviews_clearance ON delta_reviews (clearance_id, id);
