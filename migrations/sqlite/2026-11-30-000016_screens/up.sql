-- Secret addresses of the screens in the rooms of teams; only the hash of the secret is stored.
CREATE TABLE screens (
  id INTEGER PRIMARY KEY,
  team_id BIGINT NOT NULL REFERENCES teams (id),
  token_hash TEXT NOT NULL UNIQUE,
  made_by BIGINT NOT NULL REFERENCES people (id),
  created_at TIMESTAMP NOT NULL,
  read_at TIMESTAMP,
  ended_at TIMESTAMP
);
CREATE UNIQUE INDEX screens_one ON screens (team_id) WHERE ended_at IS NULL;
