-- Chat hooks: where a team or an area tells its chat, or a program, what happened. A removed one keeps no address and no
-- secret; its row stays for what the audit log says of it.
CREATE TABLE hooks (
  id INTEGER PRIMARY KEY,
  team_id BIGINT REFERENCES teams (id),
  area_id BIGINT REFERENCES areas (id),
  name TEXT NOT NULL,
  dialect TEXT NOT NULL CHECK (dialect IN ('signed', 'slack', 'mattermost', 'teams')),
  address TEXT NOT NULL,
  secret TEXT NOT NULL,
  kinds TEXT NOT NULL,
  made_by BIGINT REFERENCES people (id),
  made_at TIMESTAMP NOT NULL,
  paused_at TIMESTAMP,
  paused_by BIGINT REFERENCES people (id),
  paused_because TEXT NOT NULL DEFAULT '',
  removed_at TIMESTAMP,
  CHECK ((team_id IS NULL) <> (area_id IS NULL))
);
CREATE INDEX hooks_team ON hooks (team_id);
CREATE INDEX hooks_area ON hooks (area_id);
