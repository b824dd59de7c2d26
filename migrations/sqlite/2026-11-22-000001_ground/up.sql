-- People and teams
CREATE TABLE teams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created_at TIMESTAMP NOT NULL
);
CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  time_zone TEXT NOT NULL,
  is_admin BOOLEAN NOT NULL,
  password_hash TEXT,
  created_at TIMESTAMP NOT NULL,
  deactivated_at TIMESTAMP
);
CREATE TABLE memberships (
  team_id BIGINT NOT NULL REFERENCES teams (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  is_lead BOOLEAN NOT NULL,
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX memberships_person ON memberships (person_id);

-- Signing in
CREATE TABLE auth_sessions (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id BIGINT NOT NULL REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  last_seen_at TIMESTAMP NOT NULL,
  expires_at TIMESTAMP NOT NULL
);
CREATE INDEX auth_sessions_person ON auth_sessions (person_id);
CREATE INDEX auth_sessions_expires ON auth_sessions (expires_at);
CREATE TABLE sign_in_attempts (
  id INTEGER PRIMARY KEY,
  account_key TEXT NOT NULL,
  address TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_attempts_account ON sign_in_attempts (account_key, at);
CREATE INDEX sign_in_attempts_address ON sign_in_attempts (address, at);
CREATE INDEX sign_in_attempts_at ON sign_in_attempts (at);
-- One row a submitted form: the same form sent twice gets the first answer.
CREATE TABLE form_keys (
  form_key TEXT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  location TEXT NOT NULL,
  flash TEXT NOT NULL,
  PRIMARY KEY (person_id, form_key)
);
CREATE INDEX form_keys_created ON form_keys (created_at);

-- Areas and their standards
CREATE TABLE areas (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  tier INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 3),
  owner_team_id BIGINT NOT NULL REFERENCES teams (id),
  minimum_cover INTEGER NOT NULL CHECK (minimum_cover >= 0),
  target_weeks INTEGER NOT NULL CHECK (target_weeks > 0),
  validity_months INTEGER NOT NULL CHECK (validity_months > 0),
  recency_days INTEGER NOT NULL CHECK (recency_days > 0),
  created_at TIMESTAMP NOT NULL
);
CREATE INDEX areas_owner ON areas (owner_team_id);
CREATE TABLE systems (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  reference TEXT,
  UNIQUE (area_id, name)
);
CREATE TABLE system_links (
  id INTEGER PRIMARY KEY,
  system_id BIGINT NOT NULL REFERENCES systems (id),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL
);
CREATE INDEX system_links_system ON system_links (system_id);
CREATE TABLE qualifiers (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  since TIMESTAMP NOT NULL,
  until TIMESTAMP
);
CREATE UNIQUE INDEX qualifiers_current ON qualifiers (area_id, person_id) WHERE until IS NULL;
CREATE INDEX qualifiers_person ON qualifiers (person_id);
CREATE TABLE standards (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
  note TEXT NOT NULL,
  gates TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL,
  published_at TIMESTAMP,
  UNIQUE (area_id, version)
);
CREATE UNIQUE INDEX standards_one_draft ON standards (area_id) WHERE state = 'draft';
CREATE UNIQUE INDEX standards_one_published ON standards (area_id) WHERE state = 'published';
CREATE TABLE standard_competencies (
  standard_id BIGINT NOT NULL REFERENCES standards (id),
  code TEXT NOT NULL,
  position INTEGER NOT NULL,
  grp TEXT NOT NULL,
  statement TEXT NOT NULL,
  required_level INTEGER NOT NULL CHECK (required_level BETWEEN 1 AND 5),
  critical BOOLEAN NOT NULL,
  behaviours TEXT NOT NULL,
  PRIMARY KEY (standard_id, code)
);
CREATE TABLE standard_items (
  standard_id BIGINT NOT NULL REFERENCES standards (id),
  code TEXT NOT NULL,
  position INTEGER NOT NULL,
  grp TEXT NOT NULL,
  body TEXT NOT NULL,
  link TEXT,
  PRIMARY KEY (standard_id, code)
);

-- Ramps, pairings, sessions, judgements
CREATE TABLE ramps (
  id INTEGER PRIMARY KEY,
  mentee_id BIGINT NOT NULL REFERENCES people (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  standard_id BIGINT NOT NULL REFERENCES standards (id),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'active', 'paused', 'in_review', 'cleared', 'ended')),
  starts_on DATE NOT NULL,
  target_on DATE NOT NULL,
  started_by BIGINT NOT NULL REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  closed_at TIMESTAMP
);
CREATE UNIQUE INDEX ramps_one_open ON ramps (mentee_id, area_id) WHERE closed_at IS NULL;
CREATE INDEX ramps_area ON ramps (area_id, closed_at);
CREATE INDEX ramps_mentee ON ramps (mentee_id);
CREATE TABLE ramp_changes (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX ramp_changes_ramp ON ramp_changes (ramp_id, at);
CREATE TABLE pairings (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  mentor_id BIGINT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CHECK (role IN ('primary', 'secondary')),
  interval_days INTEGER NOT NULL CHECK (interval_days > 0),
  since TIMESTAMP NOT NULL,
  until TIMESTAMP
);
CREATE UNIQUE INDEX pairings_one_role ON pairings (ramp_id, role) WHERE until IS NULL;
CREATE UNIQUE INDEX pairings_one_mentor ON pairings (ramp_id, mentor_id) WHERE until IS NULL;
CREATE INDEX pairings_mentor ON pairings (mentor_id, until);
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  mentor_id BIGINT NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled', 'no_show')),
  starts_at TIMESTAMP NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 720),
  summary TEXT NOT NULL,
  next_action TEXT NOT NULL,
  recorded_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_ramp ON sessions (ramp_id, starts_at);
CREATE INDEX sessions_mentor ON sessions (mentor_id, starts_at);
CREATE TABLE observations (
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  competency_code TEXT NOT NULL,
  help_level INTEGER NOT NULL CHECK (help_level BETWEEN 1 AND 5),
  PRIMARY KEY (session_id, competency_code)
);
CREATE TABLE assessments (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  competency_code TEXT NOT NULL,
  stream TEXT NOT NULL CHECK (stream IN ('self', 'mentor')),
  level INTEGER CHECK (level BETWEEN 1 AND 5),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  evidence TEXT NOT NULL,
  evidence_session_id BIGINT REFERENCES sessions (id)
);
CREATE INDEX assessments_ramp ON assessments (ramp_id, competency_code, stream, id);
CREATE TABLE item_marks (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  item_code TEXT NOT NULL,
  mark TEXT NOT NULL CHECK (mark IN ('open', 'done', 'checked')),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX item_marks_ramp ON item_marks (ramp_id, item_code, id);

-- Sign-off and clearance
CREATE TABLE signoffs (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  state TEXT NOT NULL CHECK (state IN ('requested', 'first_key', 'granted', 'returned', 'withdrawn')),
  requested_by BIGINT NOT NULL REFERENCES people (id),
  requested_at TIMESTAMP NOT NULL,
  request_note TEXT NOT NULL,
  first_key_by BIGINT REFERENCES people (id),
  first_key_at TIMESTAMP,
  first_key_note TEXT,
  decided_by BIGINT REFERENCES people (id),
  decided_at TIMESTAMP,
  decision_note TEXT,
  ends_on DATE,
  record TEXT
);
CREATE UNIQUE INDEX signoffs_one_open ON signoffs (ramp_id) WHERE decided_at IS NULL;
CREATE INDEX signoffs_ramp ON signoffs (ramp_id);
CREATE TABLE clearances (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  granted_at TIMESTAMP NOT NULL,
  ends_on DATE NOT NULL,
  signoff_id BIGINT UNIQUE REFERENCES signoffs (id)
);
CREATE INDEX clearances_person ON clearances (person_id, area_id, id);
CREATE INDEX clearances_area ON clearances (area_id);

-- The audit chain: entries are only ever added, the head says how many there must be.
CREATE TABLE audit_entries (
  seq BIGINT NOT NULL PRIMARY KEY,
  at TIMESTAMP NOT NULL,
  actor_id BIGINT REFERENCES people (id),
  actor_name TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  person_id BIGINT REFERENCES people (id),
  area_id BIGINT REFERENCES areas (id),
  details TEXT NOT NULL,
  address TEXT NOT NULL,
  request_id TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_entries_person ON audit_entries (person_id, seq);
CREATE INDEX audit_entries_area ON audit_entries (area_id, seq);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, seq);
CREATE TABLE audit_head (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
