-- Browsers in which a person signed in before. What strangers guess at the account does not lock these out.
CREATE TABLE known_browsers (
  person_id BIGINT NOT NULL REFERENCES people (id),
  token_hash TEXT NOT NULL,
  seen_at TIMESTAMP NOT NULL,
  PRIMARY KEY (person_id, token_hash)
);
CREATE INDEX known_browsers_seen ON known_browsers (seen_at);
