-- Figures read a window of what happened in an area.
CREATE INDEX alerts_area ON alerts (area_id, at);
CREATE INDEX assessments_at ON assessments (ramp_id, at);
-- On a past day, what replaced a session is looked for by the session.
CREATE INDEX sessions_replacing ON sessions (supersedes_id, recorded_at) WHERE supersedes_id IS NOT NULL;
-- What mentors agreed to carry, for past days. Of what changed before this was kept only the latest is known.
CREATE TABLE agreed_versions (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  mentees_agreed INTEGER,
  hours_agreed INTEGER
);
CREATE INDEX agreed_versions_person ON agreed_versions (person_id, at, id);
INSERT INTO agreed_versions (person_id, at, mentees_agreed, hours_agreed)
  SELECT id, created_at, mentees_agreed, hours_agreed FROM people
  WHERE mentees_agreed IS NOT NULL OR hours_agreed IS NOT NULL ORDER BY id;
