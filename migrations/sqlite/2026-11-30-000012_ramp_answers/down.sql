UPDATE ramp_requests SET outcome = 'withdrawn' WHERE outcome IN ('cleared', 'left');
CREATE TABLE ramp_requests_new (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  why TEXT NOT NULL,
  asked_at TIMESTAMP NOT NULL,
  outcome TEXT CHECK (outcome IN ('withdrawn', 'declined', 'started')),
  closed_at TIMESTAMP,
  closed_by BIGINT REFERENCES people (id),
  words TEXT NOT NULL,
  ramp_id BIGINT REFERENCES ramps (id),
  CHECK ((outcome IS NULL) = (closed_at IS NULL)),
  CHECK ((outcome = 'started') = (ramp_id IS NOT NULL) OR outcome IS NULL)
);
INSERT INTO ramp_requests_new SELECT id, person_id, area_id, why, asked_at, outcome, closed_at, closed_by, words, ramp_id
  FROM ramp_requests;
DROP TABLE ramp_requests;
ALTER TABLE ramp_requests_new RENAME TO ramp_requests;
CREATE UNIQUE INDEX ramp_requests_open ON ramp_requests (person_id, area_id) WHERE closed_at IS NULL;
CREATE INDEX ramp_requests_area ON ramp_requests (area_id, closed_at);
