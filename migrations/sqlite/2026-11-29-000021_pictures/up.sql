-- Pictures of post-mortems and comments, as they were written again on arrival.
CREATE TABLE pictures (
  id INTEGER PRIMARY KEY,
  owner_kind TEXT NOT NULL CHECK (owner_kind IN ('postmortem', 'comment')),
  owner_id BIGINT NOT NULL,
  -- In its owner, from 1: a post-mortem's full text names it so.
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('png', 'jpeg')),
  alt TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  removed_at TIMESTAMP,
  -- Last, so that lists do not read past them.
  bytes BLOB NOT NULL,
  UNIQUE (owner_kind, owner_id, number)
);
CREATE INDEX pictures_by ON pictures (by_id);
