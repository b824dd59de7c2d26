-- First keys whose holder lost the right to them, and in whose place another one was turned.
CREATE TABLE void_first_keys (
  id INTEGER PRIMARY KEY,
  signoff_id BIGINT NOT NULL REFERENCES signoffs (id),
  by_id BIGINT NOT NULL REFERENCES people (id),
  at TIMESTAMP NOT NULL,
  note TEXT NOT NULL
);
CREATE INDEX void_first_keys_signoff ON void_first_keys (signoff_id, at);
