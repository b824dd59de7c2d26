-- What is wanted of the key figures of the organisation, a team or an area (`scope`: `organisation`, `team:3`, `area:5`).
-- The last row of a figure counts; none is changed.
CREATE TABLE kpi_targets (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  kpi TEXT NOT NULL,
  at_least DOUBLE,
  at_most DOUBLE,
  owner_id BIGINT NOT NULL REFERENCES people (id),
  set_by BIGINT REFERENCES people (id),
  set_at TIMESTAMP NOT NULL,
  CHECK (at_least IS NOT NULL OR at_most IS NOT NULL)
);
CREATE INDEX kpi_targets_scope ON kpi_targets (scope, kpi, id);
CREATE INDEX kpi_targets_owner ON kpi_targets (owner_id);
-- Why a figure is as it is, and what comes next.
CREATE TABLE kpi_notes (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  kpi TEXT NOT NULL,
  why TEXT NOT NULL,
  next TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX kpi_notes_scope ON kpi_notes (scope, kpi, id);
-- The figures that a team has pinned as its goals.
CREATE TABLE kpi_pins (
  id INTEGER PRIMARY KEY,
  team_id BIGINT NOT NULL REFERENCES teams (id),
  kpi TEXT NOT NULL,
  since TIMESTAMP NOT NULL,
  by_id BIGINT REFERENCES people (id),
  until TIMESTAMP,
  ended_by BIGINT REFERENCES people (id)
);
CREATE UNIQUE INDEX kpi_pins_now ON kpi_pins (team_id, kpi) WHERE until IS NULL;
-- The days on which a figure missed its target, or met it again. The last row says how it stands.
CREATE TABLE kpi_crossings (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  kpi TEXT NOT NULL,
  day DATE NOT NULL,
  is_missed BOOLEAN NOT NULL,
  at TIMESTAMP NOT NULL,
  UNIQUE (scope, kpi, day)
);
-- Figures that were computed before, as JSON. This can be dropped: they are computed again, to the same numbers.
CREATE TABLE kpi_days (
  scope TEXT NOT NULL,
  day DATE NOT NULL,
  computed_at TIMESTAMP NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (scope, day)
);
CREATE INDEX kpi_days_day ON kpi_days (day);
