-- Standards: a version is one document. A draft carries a revision, so that two who edit it notice each other.
ALTER TABLE standards ADD COLUMN content TEXT NOT NULL DEFAULT '{"competencies":[],"items":[],"gates":[]}';
ALTER TABLE standards ADD COLUMN material BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE standards ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE standards ADD COLUMN edited_by BIGINT REFERENCES people (id);
ALTER TABLE standards ADD COLUMN edited_at TIMESTAMP;
ALTER TABLE standards ADD COLUMN published_by BIGINT REFERENCES people (id);
UPDATE standards SET content = json_object(
  'competencies', (
    SELECT json_group_array(json_object(
      'code', c.code, 'group', c.grp, 'statement', c.statement, 'required_level', c.required_level,
      'critical', json(CASE WHEN c.critical THEN 'true' ELSE 'false' END), 'behaviours', json(c.behaviours)
    ) ORDER BY c.position)
    FROM standard_competencies c WHERE c.standard_id = standards.id
  ),
  'items', (
    SELECT json_group_array(json_object(
      'code', i.code, 'group', i.grp, 'text', i.body, 'link', i.link
    ) ORDER BY i.position)
    FROM standard_items i WHERE i.standard_id = standards.id
  ),
  'gates', json(gates)
);
DROP TABLE standard_items;
DROP TABLE standard_competencies;
ALTER TABLE standards DROP COLUMN gates;
-- What somebody on a ramp found out of date; closed by the version that answers it, or with a reason.
CREATE TABLE stale_flags (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  standard_id BIGINT NOT NULL REFERENCES standards (id),
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  item_code TEXT NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('line', 'link')),
  note TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  answered_in BIGINT REFERENCES standards (id),
  closed_by BIGINT REFERENCES people (id),
  closed_at TIMESTAMP,
  closing_note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX stale_flags_one_open ON stale_flags (area_id, item_code, part, by_id) WHERE closed_at IS NULL;
CREATE INDEX stale_flags_area ON stale_flags (area_id, closed_at);
CREATE INDEX stale_flags_by ON stale_flags (by_id);

-- Areas and qualifiers
ALTER TABLE areas ADD COLUMN archived_at TIMESTAMP;
ALTER TABLE areas ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE qualifiers ADD COLUMN designated_by BIGINT REFERENCES people (id);
ALTER TABLE qualifiers ADD COLUMN ended_by BIGINT REFERENCES people (id);
CREATE INDEX qualifiers_area ON qualifiers (area_id, since);

-- People: how much mentoring was agreed, and the one-time links by which they come in. A link without a person makes the
-- first administrator.
ALTER TABLE people ADD COLUMN mentees_agreed INTEGER CHECK (mentees_agreed BETWEEN 0 AND 20);
ALTER TABLE people ADD COLUMN hours_agreed INTEGER CHECK (hours_agreed BETWEEN 0 AND 80);
CREATE TABLE invites (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id BIGINT REFERENCES people (id),
  created_by BIGINT REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL,
  used_at TIMESTAMP,
  revoked_at TIMESTAMP
);
CREATE INDEX invites_person ON invites (person_id);

-- Ramps
CREATE TABLE ramp_acceptances (
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (ramp_id, person_id)
);
CREATE TABLE ramp_targets (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  target_on DATE NOT NULL,
  reason TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX ramp_targets_ramp ON ramp_targets (ramp_id, id);
-- Also those that ended are looked up by their ramp; the other indexes hold only those that last.
CREATE INDEX pairings_ramp ON pairings (ramp_id);
ALTER TABLE pairings ADD COLUMN over_capacity_reason TEXT;
ALTER TABLE pairings ADD COLUMN ended_reason TEXT;
ALTER TABLE pairings ADD COLUMN ended_by BIGINT REFERENCES people (id);

-- Sessions: a correction is a row of its own that names the one it supersedes; undone ones stay, and count no more.
ALTER TABLE sessions ADD COLUMN agenda TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN recorded_by BIGINT REFERENCES people (id);
ALTER TABLE sessions ADD COLUMN supersedes_id BIGINT REFERENCES sessions (id);
ALTER TABLE sessions ADD COLUMN superseded_at TIMESTAMP;
ALTER TABLE sessions ADD COLUMN undone_at TIMESTAMP;
CREATE UNIQUE INDEX sessions_supersedes ON sessions (supersedes_id) WHERE undone_at IS NULL;
CREATE TABLE session_changes (
  id INTEGER PRIMARY KEY,
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  kind TEXT NOT NULL CHECK (kind IN ('planned', 'moved', 'held', 'cancelled', 'no_show', 'undone', 'corrected')),
  from_at TIMESTAMP,
  to_at TIMESTAMP,
  absent TEXT CHECK (absent IN ('mentee', 'mentor', 'both')),
  reason TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX session_changes_session ON session_changes (session_id, id);
-- What a planned session is to cover: competencies and checklist items, by code.
CREATE TABLE session_topics (
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  code TEXT NOT NULL,
  PRIMARY KEY (session_id, code)
);
CREATE TABLE next_actions (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  body TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  done_at TIMESTAMP,
  done_by BIGINT REFERENCES people (id),
  done_in BIGINT REFERENCES sessions (id)
);
CREATE INDEX next_actions_ramp ON next_actions (ramp_id, done_at);
CREATE INDEX next_actions_session ON next_actions (session_id);
CREATE INDEX next_actions_done_in ON next_actions (done_in);
-- What was said next held until the session after it.
INSERT INTO next_actions (ramp_id, session_id, body, at, done_at)
  SELECT s.ramp_id, s.id, s.next_action, s.recorded_at,
    (SELECT MIN(later.recorded_at) FROM sessions later WHERE later.ramp_id = s.ramp_id AND later.id > s.id)
  FROM sessions s WHERE s.next_action <> '' ORDER BY s.id;
ALTER TABLE sessions DROP COLUMN next_action;
UPDATE sessions SET recorded_by = mentor_id;

-- Sign-offs: gaps a return names, conditions an approval sets, questions and answers.
CREATE TABLE signoff_points (
  id INTEGER PRIMARY KEY,
  signoff_id BIGINT NOT NULL REFERENCES signoffs (id),
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  kind TEXT NOT NULL CHECK (kind IN ('gap', 'condition')),
  code TEXT,
  body TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  closed_by BIGINT REFERENCES people (id),
  closed_at TIMESTAMP,
  closing_note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX signoff_points_ramp ON signoff_points (ramp_id, closed_at);
CREATE INDEX signoff_points_signoff ON signoff_points (signoff_id);
CREATE TABLE signoff_messages (
  id INTEGER PRIMARY KEY,
  signoff_id BIGINT NOT NULL REFERENCES signoffs (id),
  answers_id BIGINT REFERENCES signoff_messages (id),
  body TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX signoff_messages_signoff ON signoff_messages (signoff_id, id);

-- Clearances: suspended, revoked, reinstated
ALTER TABLE clearances ADD COLUMN state TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'suspended', 'revoked'));
CREATE TABLE clearance_changes (
  id INTEGER PRIMARY KEY,
  clearance_id BIGINT NOT NULL REFERENCES clearances (id),
  state TEXT NOT NULL CHECK (state IN ('valid', 'suspended', 'revoked')),
  reason TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX clearance_changes_clearance ON clearance_changes (clearance_id, id);
CREATE INDEX clearances_area_person ON clearances (area_id, person_id, id);
DROP INDEX clearances_area;

-- The clearance that holds is the one without a later one: kept, so that counting who is cleared reads an index alone.
ALTER TABLE clearances ADD COLUMN replaced_at TIMESTAMP;
UPDATE clearances SET replaced_at = (
  SELECT later.granted_at FROM clearances later
  WHERE later.person_id = clearances.person_id AND later.area_id = clearances.area_id AND later.id > clearances.id
  ORDER BY later.id LIMIT 1
);
CREATE UNIQUE INDEX clearances_current ON clearances (person_id, area_id) WHERE replaced_at IS NULL;
CREATE INDEX clearances_cover ON clearances (area_id, state, ends_on, person_id) WHERE replaced_at IS NULL;
CREATE INDEX ramps_open ON ramps (area_id, state, starts_on, mentee_id) WHERE closed_at IS NULL;
CREATE INDEX people_left ON people (id) WHERE deactivated_at IS NOT NULL;
CREATE INDEX assessments_latest ON assessments (ramp_id, stream, competency_code, id) WHERE level IS NOT NULL;

-- People are listed by name, a page at a time; the key is folded in Rust, because the databases fold differently.
ALTER TABLE people ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE people SET name_key = lower(name);
CREATE INDEX people_name ON people (name_key, id);

-- Audit: read newest first by any of what it is filtered by, each a range of one index
DROP INDEX audit_entries_person;
DROP INDEX audit_entries_area;
DROP INDEX audit_entries_actor;
CREATE INDEX audit_entries_at ON audit_entries (at, seq);
CREATE INDEX audit_entries_person ON audit_entries (person_id, at, seq);
CREATE INDEX audit_entries_area ON audit_entries (area_id, at, seq);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, at, seq);
CREATE INDEX audit_entries_action ON audit_entries (action, at, seq);
