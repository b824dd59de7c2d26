-- Keys by which people are sorted and found. Neither database folds letters as the app does, so the app fills them after
-- the migrations, and makes older keys anew.
ALTER TABLE people ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
ALTER TABLE people ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
DROP INDEX people_name;
CREATE INDEX people_sorted ON people (sort_key, id);
-- The way of making keys in which those of this database are made.
CREATE TABLE text_keys (version INTEGER PRIMARY KEY);
INSERT INTO text_keys (version) VALUES (0);
