-- A mentee asked somebody cleared what they saw of one competency on real work. Whether it expired is read from its dates.
CREATE TABLE asked_observations (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  competency_code TEXT NOT NULL,
  asked_id BIGINT NOT NULL REFERENCES people (id),
  worked_on DATE NOT NULL,
  work TEXT NOT NULL,
  asked_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  outcome TEXT CHECK (outcome IN ('answered', 'declined')),
  closed_at TIMESTAMP,
  seen TEXT CHECK (seen IN ('there', 'told')),
  help_level INTEGER CHECK (help_level BETWEEN 1 AND 5),
  words TEXT NOT NULL,
  CHECK ((outcome IS NULL) = (closed_at IS NULL)),
  CHECK ((outcome = 'answered') = (seen IS NOT NULL AND help_level IS NOT NULL))
);
CREATE INDEX asked_observations_ramp ON asked_observations (ramp_id, outcome);
CREATE INDEX asked_observations_waiting ON asked_observations (asked_id, expires_at) WHERE outcome IS NULL;
ALTER TABLE assessments ADD COLUMN evidence_asked_id BIGINT REFERENCES asked_observations (id);

-- What the two people of a session tell each other about it. A correction is a row of its own; the latest of a side holds.
CREATE TABLE session_feedback (
  id INTEGER PRIMARY KEY,
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  side TEXT NOT NULL CHECK (side IN ('mentee', 'mentor')),
  first TEXT NOT NULL,
  second TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE INDEX session_feedback_session ON session_feedback (session_id, id);
