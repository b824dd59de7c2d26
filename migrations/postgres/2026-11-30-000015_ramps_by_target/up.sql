-- The list of ramps: the next target first.
CREATE INDEX ramps_target ON ramps (target_on, id) WHERE closed_at IS NULL;
