-- Shadow and reverse-shadow shifts: planned with a brief, closed by a debrief. Every debrief stays; the latest holds.
CREATE TABLE shifts (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  mentee_id BIGINT NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL CHECK (kind IN ('shadow', 'reverse_shadow')),
  with_id BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('planned', 'cancelled', 'debriefed')),
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  may_page TEXT NOT NULL,
  runbooks TEXT NOT NULL,
  learner_job TEXT NOT NULL,
  who_may_touch TEXT NOT NULL,
  planned_by BIGINT NOT NULL REFERENCES people (id),
  planned_at TIMESTAMP NOT NULL,
  debriefed_at TIMESTAMP,
  CHECK (ends_at > starts_at)
);
CREATE INDEX shifts_ramp ON shifts (ramp_id, starts_at);
CREATE INDEX shifts_mentee ON shifts (mentee_id, area_id, state);
CREATE INDEX shifts_with ON shifts (with_id, state);
CREATE TABLE shift_changes (
  id INTEGER PRIMARY KEY,
  shift_id BIGINT NOT NULL REFERENCES shifts (id),
  kind TEXT NOT NULL CHECK (kind IN ('planned', 'moved', 'briefed', 'cancelled', 'debriefed', 'corrected')),
  reason TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX shift_changes_shift ON shift_changes (shift_id, id);
CREATE TABLE shift_debriefs (
  id INTEGER PRIMARY KEY,
  shift_id BIGINT NOT NULL REFERENCES shifts (id),
  went_well TEXT NOT NULL,
  went_badly TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX shift_debriefs_shift ON shift_debriefs (shift_id, id);
CREATE TABLE shift_observations (
  debrief_id BIGINT NOT NULL REFERENCES shift_debriefs (id),
  competency_code TEXT NOT NULL,
  help_level INTEGER NOT NULL CHECK (help_level BETWEEN 1 AND 5),
  PRIMARY KEY (debrief_id, competency_code)
);

-- Drills: run from a sheet of injects and expected observations.
CREATE TABLE drills (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  scenario TEXT NOT NULL,
  postmortem_id BIGINT,
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'run', 'debriefed', 'cancelled')),
  starts_at TIMESTAMP NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 720),
  planned_by BIGINT NOT NULL REFERENCES people (id),
  planned_at TIMESTAMP NOT NULL,
  begun_at TIMESTAMP,
  ended_at TIMESTAMP,
  debriefed_by BIGINT REFERENCES people (id),
  debriefed_at TIMESTAMP,
  went_well TEXT NOT NULL DEFAULT '',
  went_badly TEXT NOT NULL DEFAULT '',
  cancel_reason TEXT NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 0,
  changed_by BIGINT NOT NULL REFERENCES people (id),
  changed_at TIMESTAMP NOT NULL
);
CREATE INDEX drills_area ON drills (area_id, starts_at);
CREATE INDEX drills_starts ON drills (starts_at, id);
CREATE TABLE drill_roles (
  drill_id BIGINT NOT NULL REFERENCES drills (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CHECK (role IN ('game_master', 'primary', 'secondary', 'observer')),
  PRIMARY KEY (drill_id, person_id)
);
CREATE INDEX drill_roles_person ON drill_roles (person_id, drill_id);
CREATE TABLE drill_lines (
  id INTEGER PRIMARY KEY,
  drill_id BIGINT NOT NULL REFERENCES drills (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('inject', 'expected')),
  body TEXT NOT NULL,
  competency_code TEXT,
  happened_at TIMESTAMP,
  ticked_by BIGINT REFERENCES people (id),
  person_id BIGINT REFERENCES people (id),
  help_level INTEGER CHECK (help_level BETWEEN 1 AND 5),
  reply TEXT NOT NULL DEFAULT 'none' CHECK (reply IN ('none', 'acknowledged', 'understood')),
  note TEXT NOT NULL DEFAULT '',
  revision INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX drill_lines_drill ON drill_lines (drill_id, position);
CREATE TABLE drill_observations (
  drill_id BIGINT NOT NULL REFERENCES drills (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  competency_code TEXT NOT NULL,
  help_level INTEGER NOT NULL CHECK (help_level BETWEEN 1 AND 5),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (drill_id, person_id, competency_code)
);
CREATE INDEX drill_observations_person ON drill_observations (person_id, drill_id);

-- The alert ledger: one line an alert, of a reverse-shadow shift or of a drill. A line taken back stays.
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  shift_id BIGINT REFERENCES shifts (id),
  drill_id BIGINT REFERENCES drills (id),
  at TIMESTAMP NOT NULL,
  title TEXT NOT NULL,
  acknowledged BOOLEAN NOT NULL,
  actionable BOOLEAN NOT NULL,
  understood BOOLEAN NOT NULL,
  escalated BOOLEAN NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  recorded_at TIMESTAMP NOT NULL,
  undone_by BIGINT REFERENCES people (id),
  undone_at TIMESTAMP,
  CHECK ((shift_id IS NULL) <> (drill_id IS NULL))
);
CREATE INDEX alerts_person ON alerts (person_id, area_id);
CREATE INDEX alerts_shift ON alerts (shift_id);
CREATE INDEX alerts_drill ON alerts (drill_id);

-- The library. A post-mortem is one document with a version for every save; what it is found by stands beside it.
CREATE TABLE postmortems (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'teachable', 'retired')),
  severity TEXT NOT NULL,
  occurred_at TIMESTAMP NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  link TEXT,
  content TEXT NOT NULL,
  search_key TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  created_by BIGINT REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  edited_by BIGINT REFERENCES people (id),
  edited_at TIMESTAMP NOT NULL,
  teachable_since TIMESTAMP
);
CREATE INDEX postmortems_state ON postmortems (state, occurred_at);
CREATE TABLE postmortem_versions (
  id INTEGER PRIMARY KEY,
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  by_id BIGINT REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  UNIQUE (postmortem_id, revision)
);
CREATE TABLE postmortem_areas (
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  PRIMARY KEY (postmortem_id, area_id)
);
CREATE INDEX postmortem_areas_area ON postmortem_areas (area_id, postmortem_id);
-- Systems by the name they had: one that an area gives up stays named where it failed.
CREATE TABLE postmortem_systems (
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  name TEXT NOT NULL,
  PRIMARY KEY (postmortem_id, name)
);
CREATE INDEX postmortem_systems_name ON postmortem_systems (name, postmortem_id);
CREATE TABLE postmortem_codes (
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  code TEXT NOT NULL,
  PRIMARY KEY (postmortem_id, code)
);
CREATE INDEX postmortem_codes_code ON postmortem_codes (code, postmortem_id);
-- What a reader wrote before they saw what was done; a second answer is a second row.
CREATE TABLE postmortem_answers (
  id INTEGER PRIMARY KEY,
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  revision INTEGER NOT NULL,
  point INTEGER NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMP NOT NULL
);
CREATE INDEX postmortem_answers_person ON postmortem_answers (person_id, postmortem_id, id);
CREATE TABLE clubs (
  id INTEGER PRIMARY KEY,
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  state TEXT NOT NULL CHECK (state IN ('planned', 'held', 'cancelled')),
  starts_at TIMESTAMP NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 720),
  led_by BIGINT NOT NULL REFERENCES people (id),
  note TEXT NOT NULL DEFAULT '',
  planned_by BIGINT NOT NULL REFERENCES people (id),
  planned_at TIMESTAMP NOT NULL,
  closed_by BIGINT REFERENCES people (id),
  closed_at TIMESTAMP
);
CREATE INDEX clubs_postmortem ON clubs (postmortem_id, starts_at);
CREATE TABLE club_people (
  club_id BIGINT NOT NULL REFERENCES clubs (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  was_there BOOLEAN,
  PRIMARY KEY (club_id, person_id)
);
CREATE INDEX club_people_person ON club_people (person_id, club_id);
ALTER TABLE sessions ADD COLUMN postmortem_id BIGINT REFERENCES postmortems (id);
CREATE INDEX sessions_postmortem ON sessions (postmortem_id) WHERE postmortem_id IS NOT NULL;

-- Qualifying activity: what keeps a clearance alive. One taken back stays, and counts no more.
CREATE TABLE activities (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  kind TEXT NOT NULL CHECK (kind IN ('shift', 'drill', 'incident', 'drill_led')),
  day DATE NOT NULL,
  note TEXT NOT NULL,
  link TEXT,
  shift_id BIGINT REFERENCES shifts (id),
  drill_id BIGINT REFERENCES drills (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  recorded_at TIMESTAMP NOT NULL,
  undone_by BIGINT REFERENCES people (id),
  undone_at TIMESTAMP
);
CREATE INDEX activities_person ON activities (person_id, area_id, day);
CREATE INDEX activities_area ON activities (area_id, day);

-- An item or a gate excused, for a while. The last day may be sooner than was asked for, never later.
CREATE TABLE waivers (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  subject TEXT NOT NULL CHECK (subject IN ('item', 'gate')),
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_until DATE NOT NULL,
  ends_on DATE NOT NULL,
  asked_by BIGINT NOT NULL REFERENCES people (id),
  asked_at TIMESTAMP NOT NULL,
  granted BOOLEAN,
  decided_by BIGINT REFERENCES people (id),
  decided_at TIMESTAMP,
  decision_note TEXT NOT NULL DEFAULT '',
  revoked_by BIGINT REFERENCES people (id),
  revoked_at TIMESTAMP,
  revoke_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX waivers_ramp ON waivers (ramp_id, id);
CREATE INDEX waivers_pending ON waivers (ramp_id) WHERE decided_at IS NULL;

-- What backs a judgement, and how strong it is.
ALTER TABLE assessments ADD COLUMN strength TEXT NOT NULL DEFAULT 'talked_through'
  CHECK (strength IN ('talked_through', 'lab', 'drill', 'shadowed', 'real'));
ALTER TABLE assessments ADD COLUMN evidence_shift_id BIGINT REFERENCES shifts (id);
ALTER TABLE assessments ADD COLUMN evidence_drill_id BIGINT REFERENCES drills (id);
ALTER TABLE assessments ADD COLUMN evidence_activity_id BIGINT REFERENCES activities (id);
ALTER TABLE assessments ADD COLUMN carried_from BIGINT REFERENCES assessments (id);
ALTER TABLE item_marks ADD COLUMN carried_from BIGINT REFERENCES item_marks (id);
UPDATE assessments SET strength = CASE (SELECT s.kind FROM sessions s WHERE s.id = assessments.evidence_session_id)
  WHEN 'lab' THEN 'lab' WHEN 'pairing' THEN 'shadowed' ELSE 'talked_through' END
  WHERE evidence_session_id IS NOT NULL;
DROP INDEX assessments_latest;
CREATE INDEX assessments_latest ON assessments (ramp_id, stream, competency_code, id, level, strength) WHERE level IS NOT NULL;

-- Shifts, drills and discussions count toward a ramp from this day on.
ALTER TABLE ramps ADD COLUMN counts_from DATE NOT NULL DEFAULT '1970-01-01';
ALTER TABLE ramps ADD COLUMN renews_id BIGINT REFERENCES clearances (id);
UPDATE ramps SET counts_from = date(starts_on, '-30 days');

-- Currency: until when a clearance holds is its last day or its last practice and the recency, whichever is sooner.
-- What was practised before this was kept is not known: the recency of older clearances counts from today.
ALTER TABLE clearances ADD COLUMN kind TEXT NOT NULL DEFAULT 'full' CHECK (kind IN ('full', 'interim'));
ALTER TABLE clearances ADD COLUMN standard_id BIGINT REFERENCES standards (id);
ALTER TABLE clearances ADD COLUMN supervisor_id BIGINT REFERENCES people (id);
ALTER TABLE clearances ADD COLUMN extended_at TIMESTAMP;
ALTER TABLE clearances ADD COLUMN recorded_at TIMESTAMP NOT NULL DEFAULT '1970-01-01 00:00:00';
ALTER TABLE clearances ADD COLUMN recency_days INTEGER NOT NULL DEFAULT 90;
ALTER TABLE clearances ADD COLUMN practice_from DATE NOT NULL DEFAULT '1970-01-01';
ALTER TABLE clearances ADD COLUMN practised_on DATE NOT NULL DEFAULT '1970-01-01';
ALTER TABLE clearances ADD COLUMN holds_until DATE NOT NULL DEFAULT '1970-01-01';
UPDATE clearances SET
  recorded_at = granted_at,
  recency_days = (SELECT a.recency_days FROM areas a WHERE a.id = clearances.area_id),
  standard_id = COALESCE(
    (SELECT r.standard_id FROM signoffs s JOIN ramps r ON r.id = s.ramp_id WHERE s.id = clearances.signoff_id),
    (SELECT MAX(v.id) FROM standards v WHERE v.area_id = clearances.area_id AND v.state <> 'draft'
      AND v.published_at <= clearances.granted_at)
  ),
  practice_from = date('now'),
  practised_on = date('now');
UPDATE clearances SET holds_until = MIN(ends_on, date(practised_on, '+' || recency_days || ' days'));
DROP INDEX clearances_cover;
CREATE INDEX clearances_cover ON clearances (area_id, state, kind, holds_until, person_id) WHERE replaced_at IS NULL;
ALTER TABLE clearance_changes ADD COLUMN ends_on DATE;
ALTER TABLE clearance_changes ADD COLUMN supervisor_id BIGINT REFERENCES people (id);
