-- What tells one shift of a rota from another when it is moved, where the tool gives that; empty elsewhere.
ALTER TABLE rota_entries ADD COLUMN uid TEXT NOT NULL DEFAULT '';

-- What rotas did on ramps: the shadow shifts they planned, moved and cancelled. Rows are only added.
-- The hours are those that the rota said: people may have moved the shift since.
CREATE TABLE rota_steps (
  id INTEGER PRIMARY KEY,
  rota_id BIGINT NOT NULL REFERENCES rotas (id),
  shift_id BIGINT NOT NULL REFERENCES shifts (id),
  uid TEXT NOT NULL,
  starts_at TIMESTAMP NOT NULL,
  ends_at TIMESTAMP NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('planned', 'moved', 'cancelled')),
  at TIMESTAMP NOT NULL
);
CREATE INDEX rota_steps_shift ON rota_steps (shift_id, id);
CREATE INDEX rota_steps_rota ON rota_steps (rota_id, at);
