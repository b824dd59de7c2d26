-- Messages that leave: mails and chat hooks. One is written in the transaction of its cause, and sent by a worker, which
-- takes it for a while: what a killed process took is taken again then. hook_id is a row of the hooks.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'hook')),
  key TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  person_id BIGINT REFERENCES people (id),
  address TEXT NOT NULL,
  hook_id BIGINT,
  body TEXT NOT NULL,
  is_secret BOOLEAN NOT NULL,
  created_at TIMESTAMP NOT NULL,
  due_at TIMESTAMP NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  taken_by TEXT,
  taken_until TIMESTAMP,
  answer TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'given_up', 'cancelled')),
  ended_at TIMESTAMP,
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX messages_due ON messages (channel, state, due_at, id);
CREATE INDEX messages_state ON messages (state, id);
CREATE INDEX messages_person ON messages (person_id, id);
CREATE INDEX messages_hook ON messages (hook_id, id);
CREATE INDEX messages_bodies ON messages (ended_at) WHERE body <> '';
CREATE INDEX messages_ended ON messages (ended_at);
