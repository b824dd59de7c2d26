-- Hash of what was sent with the key; empty for keys of an older version.
ALTER TABLE form_keys ADD COLUMN content TEXT NOT NULL DEFAULT '';
