-- What pages of a large organisation look for: its few administrators, the sign-offs that are open, and those decided last.
CREATE INDEX people_admins ON people (is_admin);
CREATE INDEX signoffs_open ON signoffs (id) WHERE decided_at IS NULL;
CREATE INDEX signoffs_decided ON signoffs (decided_at, id) WHERE decided_at IS NOT NULL;
