-- The parts whose first steps a person has put away, in words.
ALTER TABLE people ADD COLUMN welcomed TEXT NOT NULL DEFAULT '';
