-- The name of this installation in the UIDs of calendars: random, so that two installations never share one.
CREATE TABLE calendar_names (
  name TEXT PRIMARY KEY NOT NULL
);
INSERT INTO calendar_names (name) VALUES (lower(hex(randomblob(8))));

-- Secret addresses of personal calendars; only the hash of the secret is stored.
CREATE TABLE calendar_feeds (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  token_hash TEXT NOT NULL UNIQUE,
  created_at TIMESTAMP NOT NULL,
  read_at TIMESTAMP,
  ended_at TIMESTAMP
);
CREATE UNIQUE INDEX calendar_feeds_one ON calendar_feeds (person_id) WHERE ended_at IS NULL;

-- When people can meet: hours of a weekday (1 is Monday) in their own zone, in minutes from midnight.
CREATE TABLE weekly_hours (
  person_id BIGINT NOT NULL REFERENCES people (id),
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute INTEGER NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
  PRIMARY KEY (person_id, weekday, from_minute),
  CHECK (from_minute < to_minute)
);

-- Days on which somebody is away, in their own zone, both ends inclusive. Why is nobody's business.
CREATE TABLE absences (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  first_on DATE NOT NULL,
  last_on DATE NOT NULL,
  added_at TIMESTAMP NOT NULL,
  removed_at TIMESTAMP,
  CHECK (first_on <= last_on)
);
CREATE INDEX absences_person ON absences (person_id, last_on);

-- The calendar a person named, and when it was busy. Only spans are kept.
CREATE TABLE busy_calendars (
  person_id BIGINT PRIMARY KEY REFERENCES people (id),
  address TEXT NOT NULL,
  named_at TIMESTAMP NOT NULL,
  due_at TIMESTAMP NOT NULL,
  read_at TIMESTAMP,
  failures INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX busy_calendars_due ON busy_calendars (due_at);
CREATE TABLE busy_spans (
  person_id BIGINT NOT NULL REFERENCES people (id),
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  PRIMARY KEY (person_id, starts_at)
);
CREATE INDEX clubs_leader ON clubs (led_by, starts_at);
