-- A link that a person asked for who does not know their password.
ALTER TABLE invites ADD COLUMN is_reset BOOLEAN NOT NULL DEFAULT FALSE;
