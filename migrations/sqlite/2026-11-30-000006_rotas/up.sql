-- Rotas of areas: who is on call when, as other tools say it. A removed one keeps no address and no token; its row stays for
-- what the audit log says of it.
CREATE TABLE rotas (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  name TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('icalendar', 'csv', 'pagerduty', 'incident_io', 'rootly', 'grafana')),
  address TEXT NOT NULL,
  token TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  made_by BIGINT REFERENCES people (id),
  made_at TIMESTAMP NOT NULL,
  due_at TIMESTAMP NOT NULL,
  looked_at TIMESTAMP,
  failures INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  removed_at TIMESTAMP,
  removed_by BIGINT REFERENCES people (id)
);
CREATE INDEX rotas_area ON rotas (area_id);
CREATE INDEX rotas_due ON rotas (due_at) WHERE removed_at IS NULL;

-- What a rota said, each time it said something else. Rows are only added.
CREATE TABLE rota_fetches (
  id INTEGER PRIMARY KEY,
  rota_id BIGINT NOT NULL REFERENCES rotas (id),
  at TIMESTAMP NOT NULL,
  digest TEXT NOT NULL,
  by_id BIGINT REFERENCES people (id)
);
CREATE INDEX rota_fetches_rota ON rota_fetches (rota_id, id);
CREATE TABLE rota_entries (
  fetch_id BIGINT NOT NULL REFERENCES rota_fetches (id),
  n INTEGER NOT NULL,
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  duty TEXT NOT NULL CHECK (duty IN ('primary', 'secondary', 'shadow')),
  PRIMARY KEY (fetch_id, n),
  CHECK (starts_at < ends_at)
);

-- Who a name of a rota is, as a lead said; the last row of a name counts, nobody takes it back.
CREATE TABLE rota_names (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  name_key TEXT NOT NULL,
  person_id BIGINT REFERENCES people (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX rota_names_area ON rota_names (area_id, name_key);

-- Findings that a lead accepted, with the last day of that. Rows are only added.
CREATE TABLE rota_acceptances (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  shift_at TIMESTAMP NOT NULL,
  reason TEXT NOT NULL,
  until_on DATE NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL
);
CREATE INDEX rota_acceptances_area ON rota_acceptances (area_id, shift_at);

-- Findings that are open, and those that were: what home shows and leads are told of. One that ends and comes back is
-- another row.
CREATE TABLE rota_findings (
  id INTEGER PRIMARY KEY,
  area_id BIGINT NOT NULL REFERENCES areas (id),
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  shift_at TIMESTAMP NOT NULL,
  found_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP
);
CREATE UNIQUE INDEX rota_findings_one ON rota_findings (area_id, shift_at, who, kind) WHERE ended_at IS NULL;
