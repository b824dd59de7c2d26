-- What the search finds: one row for everything that has a page, with its texts as people wrote them.
CREATE TABLE search_entries (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  ref_id BIGINT NOT NULL,
  -- Tells apart what shares one row: competencies of an area, its systems.
  code TEXT NOT NULL DEFAULT '',
  -- The ramp whose parties may read it.
  ramp_id BIGINT REFERENCES ramps (id),
  title TEXT NOT NULL,
  -- Its words, folded: what is called exactly so comes first.
  title_key TEXT NOT NULL,
  body TEXT NOT NULL,
  context TEXT NOT NULL,
  address TEXT NOT NULL,
  at TIMESTAMP,
  -- Of all that is found of it, so that a row is written only when it changes.
  digest TEXT NOT NULL,
  UNIQUE (kind, ref_id, code)
);
CREATE INDEX search_entries_ramp ON search_entries (ramp_id);
-- Its words, folded by the app. Signs that are no ASCII are letters here: the app has split the words already.
CREATE VIRTUAL TABLE search_words USING fts5 (title, rest, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3');
-- The way in which the words of this database were made.
CREATE TABLE search_index (version INTEGER PRIMARY KEY);
INSERT INTO search_index (version) VALUES (0);
