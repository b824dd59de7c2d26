DROP TABLE text_keys;
DROP INDEX people_sorted;
CREATE INDEX people_name ON people (name_key, id);
ALTER TABLE people DROP COLUMN search_key;
ALTER TABLE people DROP COLUMN sort_key;
