-- What was known at the end of any past day. Where a row says only how things are now, every change of it is kept
-- here beside it; what has its times in its own row or its own history (ramps, sign-offs, sessions, waivers) needs none.
CREATE TABLE departures (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  left_at TIMESTAMP NOT NULL,
  back_at TIMESTAMP
);
CREATE INDEX departures_person ON departures (person_id, left_at);
CREATE UNIQUE INDEX departures_one_open ON departures (person_id) WHERE back_at IS NULL;
INSERT INTO departures (person_id, left_at)
  SELECT id, deactivated_at FROM people WHERE deactivated_at IS NOT NULL ORDER BY id;
CREATE TABLE membership_spells (
  id INTEGER PRIMARY KEY,
  team_id BIGINT NOT NULL REFERENCES teams (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  is_lead BOOLEAN NOT NULL,
  since TIMESTAMP NOT NULL,
  until TIMESTAMP
);
CREATE INDEX membership_spells_person ON membership_spells (person_id, since);
CREATE INDEX membership_spells_team ON membership_spells (team_id, since);
CREATE UNIQUE INDEX membership_spells_one_open ON membership_spells (team_id, person_id) WHERE until IS NULL;
INSERT INTO membership_spells (team_id, person_id, is_lead, since)
  SELECT m.team_id, m.person_id, m.is_lead, CASE WHEN t.created_at > p.created_at THEN t.created_at ELSE p.created_at END
  FROM memberships m JOIN teams t ON t.id = m.team_id JOIN people p ON p.id = m.person_id ORDER BY m.team_id, m.person_id;
CREATE TABLE area_versions (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  at TIMESTAMP NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  tier INTEGER NOT NULL,
  owner_team_id BIGINT NOT NULL REFERENCES teams (id),
  minimum_cover INTEGER NOT NULL,
  target_weeks INTEGER NOT NULL,
  validity_months INTEGER NOT NULL,
  recency_days INTEGER NOT NULL,
  archived_at TIMESTAMP
);
CREATE INDEX area_versions_area ON area_versions (area_id, at, id);
INSERT INTO area_versions (area_id, at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks,
    validity_months, recency_days)
  SELECT id, created_at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks, validity_months,
    recency_days FROM areas ORDER BY id;
INSERT INTO area_versions (area_id, at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks,
    validity_months, recency_days, archived_at)
  SELECT id, archived_at, code, name, summary, tier, owner_team_id, minimum_cover, target_weeks, validity_months,
    recency_days, archived_at FROM areas WHERE archived_at IS NOT NULL ORDER BY id;
CREATE TABLE clearance_versions (
  id INTEGER PRIMARY KEY,
  clearance_id BIGINT NOT NULL REFERENCES clearances (id),
  at TIMESTAMP NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('valid', 'suspended', 'revoked')),
  standard_id BIGINT REFERENCES standards (id),
  supervisor_id BIGINT REFERENCES people (id),
  extended_at TIMESTAMP,
  ends_on DATE NOT NULL,
  practised_on DATE NOT NULL,
  holds_until DATE NOT NULL
);
CREATE INDEX clearance_versions_clearance ON clearance_versions (clearance_id, at, id);
-- Of what changed before this was kept only the states are known.
INSERT INTO clearance_versions (clearance_id, at, state, standard_id, supervisor_id, extended_at, ends_on, practised_on,
    holds_until)
  SELECT id, recorded_at, 'valid', standard_id, supervisor_id, extended_at, ends_on, practised_on, holds_until
  FROM clearances ORDER BY id;
INSERT INTO clearance_versions (clearance_id, at, state, standard_id, supervisor_id, extended_at, ends_on, practised_on,
    holds_until)
  SELECT k.id, g.at, g.state, k.standard_id, k.supervisor_id, k.extended_at, k.ends_on, k.practised_on, k.holds_until
  FROM clearance_changes g JOIN clearances k ON k.id = g.clearance_id ORDER BY g.id;
CREATE TABLE postmortem_area_spells (
  id INTEGER PRIMARY KEY,
  postmortem_id BIGINT NOT NULL REFERENCES postmortems (id),
  area_id BIGINT NOT NULL REFERENCES areas (id),
  since TIMESTAMP NOT NULL,
  until TIMESTAMP
);
CREATE INDEX postmortem_area_spells_postmortem ON postmortem_area_spells (postmortem_id, area_id, since);
CREATE INDEX postmortem_area_spells_area ON postmortem_area_spells (area_id);
CREATE UNIQUE INDEX postmortem_area_spells_one_open ON postmortem_area_spells (postmortem_id, area_id)
  WHERE until IS NULL;
INSERT INTO postmortem_area_spells (postmortem_id, area_id, since)
  SELECT a.postmortem_id, a.area_id, p.created_at FROM postmortem_areas a JOIN postmortems p ON p.id = a.postmortem_id
  ORDER BY a.postmortem_id, a.area_id;

-- From which day a target was moved. Where that was not kept, what was known is the target of the move before.
ALTER TABLE ramp_targets ADD COLUMN from_on DATE;
UPDATE ramp_targets SET from_on = (SELECT e.target_on FROM ramp_targets e
  WHERE e.ramp_id = ramp_targets.ramp_id AND e.id < ramp_targets.id ORDER BY e.id DESC LIMIT 1);

-- Who was to play in a drill and did not come.
ALTER TABLE drill_roles ADD COLUMN was_absent BOOLEAN NOT NULL DEFAULT FALSE;
