-- What a large organisation is searched for: its few administrators, names in a rota, browsers that somebody signed in with,
-- what rests on an incident, the sign-offs that are open, and those decided last.
CREATE INDEX people_admins ON people (is_admin);
CREATE INDEX people_names ON people (name_key);
CREATE INDEX known_browsers_token ON known_browsers (token_hash);
CREATE INDEX assessments_activity ON assessments (evidence_activity_id) WHERE evidence_activity_id IS NOT NULL;
CREATE INDEX signoffs_open ON signoffs (id) WHERE decided_at IS NULL;
CREATE INDEX signoffs_decided ON signoffs (decided_at, id) WHERE decided_at IS NOT NULL;
