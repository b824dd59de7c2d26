DROP INDEX audit_entries_action;
DROP INDEX audit_entries_actor;
DROP INDEX audit_entries_area;
DROP INDEX audit_entries_person;
DROP INDEX audit_entries_at;
CREATE INDEX audit_entries_person ON audit_entries (person_id, seq);
CREATE INDEX audit_entries_area ON audit_entries (area_id, seq);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, seq);

DROP INDEX people_name;
ALTER TABLE people DROP COLUMN name_key;
DROP INDEX assessments_latest;
DROP INDEX people_left;
DROP INDEX ramps_open;
DROP INDEX clearances_cover;
DROP INDEX clearances_current;
ALTER TABLE clearances DROP COLUMN replaced_at;

CREATE INDEX clearances_area ON clearances (area_id);
DROP INDEX clearances_area_person;
DROP TABLE clearance_changes;
ALTER TABLE clearances DROP COLUMN state;

DROP TABLE signoff_messages;
DROP TABLE signoff_points;

-- The version before knows neither corrections nor what was undone: such rows must not count in it.
UPDATE sessions SET state = 'cancelled' WHERE undone_at IS NOT NULL OR superseded_at IS NOT NULL;
ALTER TABLE sessions ADD COLUMN next_action TEXT NOT NULL DEFAULT '';
UPDATE sessions SET next_action = COALESCE(
  (SELECT string_agg(n.body, chr(10) ORDER BY n.id) FROM next_actions n WHERE n.session_id = sessions.id), ''
);
DROP TABLE next_actions;
DROP TABLE session_topics;
DROP TABLE session_changes;
DROP INDEX sessions_supersedes;
ALTER TABLE sessions DROP COLUMN undone_at;
ALTER TABLE sessions DROP COLUMN superseded_at;
ALTER TABLE sessions DROP COLUMN supersedes_id;
ALTER TABLE sessions DROP COLUMN recorded_by;
ALTER TABLE sessions DROP COLUMN agenda;

ALTER TABLE pairings DROP COLUMN ended_by;
ALTER TABLE pairings DROP COLUMN ended_reason;
ALTER TABLE pairings DROP COLUMN over_capacity_reason;
DROP INDEX pairings_ramp;
DROP TABLE ramp_targets;
DROP TABLE ramp_acceptances;

DROP TABLE invites;
ALTER TABLE people DROP COLUMN hours_agreed;
ALTER TABLE people DROP COLUMN mentees_agreed;

DROP INDEX qualifiers_area;
ALTER TABLE qualifiers DROP COLUMN ended_by;
ALTER TABLE qualifiers DROP COLUMN designated_by;
ALTER TABLE areas DROP COLUMN revision;
ALTER TABLE areas DROP COLUMN archived_at;

DROP TABLE stale_flags;
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
ALTER TABLE standards ADD COLUMN gates TEXT NOT NULL DEFAULT '[]';
INSERT INTO standard_competencies
  SELECT s.id, c.value ->> 'code', c.place - 1, c.value ->> 'group', c.value ->> 'statement',
    (c.value ->> 'required_level')::integer, (c.value ->> 'critical')::boolean, c.value ->> 'behaviours'
  FROM standards s, json_array_elements(s.content::json -> 'competencies') WITH ORDINALITY AS c (value, place);
INSERT INTO standard_items
  SELECT s.id, i.value ->> 'code', i.place - 1, i.value ->> 'group', i.value ->> 'text', i.value ->> 'link'
  FROM standards s, json_array_elements(s.content::json -> 'items') WITH ORDINALITY AS i (value, place);
UPDATE standards SET gates = content::json ->> 'gates';
ALTER TABLE standards DROP COLUMN published_by;
ALTER TABLE standards DROP COLUMN edited_at;
ALTER TABLE standards DROP COLUMN edited_by;
ALTER TABLE standards DROP COLUMN revision;
ALTER TABLE standards DROP COLUMN material;
ALTER TABLE standards DROP COLUMN content;
