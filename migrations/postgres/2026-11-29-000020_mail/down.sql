ALTER TABLE invites DROP COLUMN is_reset;
