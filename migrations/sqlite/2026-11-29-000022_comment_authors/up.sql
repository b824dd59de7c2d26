-- Whoever gets another name is found under it where they commented.
CREATE INDEX comments_author ON comments (author_id);
