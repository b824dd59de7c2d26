-- What people say to one another on the page of a ramp, a sign-off, a post-mortem or a drill.
CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  place_kind TEXT NOT NULL CHECK (place_kind IN ('ramp', 'signoff', 'postmortem', 'drill')),
  place_id BIGINT NOT NULL,
  -- The comment that its thread began with.
  reply_to BIGINT REFERENCES comments (id),
  -- A view of that moment of decision, from 1, as the post-mortem was in that revision.
  moment INTEGER CHECK (moment >= 1),
  revision INTEGER,
  author_id BIGINT NOT NULL REFERENCES people (id),
  written_at TIMESTAMP NOT NULL,
  -- Its latest version.
  number INTEGER NOT NULL DEFAULT 1 CHECK (number >= 1),
  removed_at TIMESTAMP,
  CHECK ((moment IS NULL) = (revision IS NULL))
);
CREATE INDEX comments_place ON comments (place_kind, place_id, id);
CREATE TABLE comment_versions (
  id INTEGER PRIMARY KEY,
  comment_id BIGINT NOT NULL REFERENCES comments (id),
  number INTEGER NOT NULL,
  saw TEXT NOT NULL DEFAULT '',
  believed TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  UNIQUE (comment_id, number)
);
-- Everyone a version of a comment ever mentioned.
CREATE TABLE comment_mentions (
  comment_id BIGINT NOT NULL REFERENCES comments (id),
  person_id BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (comment_id, person_id)
);
CREATE INDEX comment_mentions_person ON comment_mentions (person_id);
CREATE TABLE discussion_choices (
  place_kind TEXT NOT NULL CHECK (place_kind IN ('ramp', 'signoff', 'postmortem', 'drill')),
  place_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES people (id),
  choice TEXT NOT NULL CHECK (choice IN ('follow', 'mute')),
  at TIMESTAMP NOT NULL,
  PRIMARY KEY (place_kind, place_id, person_id)
);
-- Notes that only their author reads: no page, export or search but their own may name this table.
CREATE TABLE private_notes (
  id INTEGER PRIMARY KEY,
  ramp_id BIGINT NOT NULL REFERENCES ramps (id),
  author_id BIGINT NOT NULL REFERENCES people (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  body TEXT NOT NULL,
  at TIMESTAMP NOT NULL,
  UNIQUE (ramp_id, author_id, number)
);
