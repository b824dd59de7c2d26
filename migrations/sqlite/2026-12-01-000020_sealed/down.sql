-- The version before knows no entry without a hash. Seal all entries first.
ALTER TABLE audit_head RENAME COLUMN position TO seq;
DROP INDEX audit_entries_unsealed;
DROP INDEX audit_entries_position;
ALTER TABLE audit_entries DROP COLUMN position;
