-- What people are told, one row a cause and person. Mail, digest and inbox tell the same rows.
CREATE TABLE notifications (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  -- What it hangs under in the inbox, and one thread in mail: the ramp, where there is one.
  thread TEXT NOT NULL,
  object TEXT NOT NULL,
  -- The same cause is told once to a person.
  cause TEXT NOT NULL,
  path TEXT NOT NULL,
  actor_id BIGINT REFERENCES people (id),
  subject_id BIGINT REFERENCES people (id),
  area_id BIGINT REFERENCES areas (id),
  title TEXT NOT NULL,
  at TIMESTAMP,
  due_on DATE,
  created_at TIMESTAMP NOT NULL,
  read_at TIMESTAMP,
  done_at TIMESTAMP,
  digest_at TIMESTAMP
);
CREATE UNIQUE INDEX notifications_cause ON notifications (person_id, cause);
CREATE INDEX notifications_latest ON notifications (person_id, created_at, id);
CREATE INDEX notifications_created ON notifications (created_at);
CREATE INDEX notifications_unread ON notifications (person_id) WHERE read_at IS NULL AND done_at IS NULL;
CREATE INDEX notifications_open ON notifications (object, kind) WHERE done_at IS NULL;
CREATE INDEX notifications_digest ON notifications (person_id, digest_at) WHERE digest_at IS NOT NULL;

-- Where someone chose another way than the usual one of a kind.
CREATE TABLE mail_choices (
  person_id BIGINT NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (person_id, kind)
);

-- The secret part of the address with which the receiver of a mail ends mails of its kind without signing in.
CREATE TABLE mail_settings (
  person_id BIGINT PRIMARY KEY REFERENCES people (id),
  token TEXT NOT NULL
);
CREATE UNIQUE INDEX mail_settings_token ON mail_settings (token);

-- When each person was looked at, and on which of their days they got a digest.
CREATE TABLE rounds (
  person_id BIGINT PRIMARY KEY REFERENCES people (id),
  looked_at TIMESTAMP NOT NULL,
  daily_on DATE,
  weekly_on DATE
);
CREATE INDEX rounds_looked ON rounds (looked_at);

-- Who does a job that only one process may do at a time.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  taken_by TEXT NOT NULL,
  taken_until TIMESTAMP NOT NULL
);
