ALTER TABLE people DROP COLUMN welcomed;
