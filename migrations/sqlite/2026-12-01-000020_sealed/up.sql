-- Entries are sealed after they are stored. Their place in the chain has no gaps; their number can have some.
ALTER TABLE audit_entries ADD COLUMN position BIGINT;
UPDATE audit_entries SET position = seq;
CREATE UNIQUE INDEX audit_entries_position ON audit_entries (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entries_unsealed ON audit_entries (seq) WHERE position IS NULL;
ALTER TABLE audit_head RENAME COLUMN seq TO position;
