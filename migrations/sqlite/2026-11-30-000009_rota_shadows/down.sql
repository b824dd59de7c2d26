DROP TABLE rota_steps;
ALTER TABLE rota_entries DROP COLUMN uid;
