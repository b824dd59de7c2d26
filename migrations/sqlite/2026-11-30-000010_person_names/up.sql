-- Names and addresses that people had, each until a moment: rotas of past days are matched with them. Those of today are
-- in people. Who is erased has none.
CREATE TABLE person_names (
  id INTEGER PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  until TIMESTAMP NOT NULL
);
CREATE INDEX person_names_person ON person_names (person_id, id);
