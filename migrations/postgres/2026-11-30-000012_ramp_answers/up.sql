-- A request is also closed when its person is cleared otherwise, or leaves.
ALTER TABLE ramp_requests DROP CONSTRAINT ramp_requests_outcome_check;
ALTER TABLE ramp_requests ADD CONSTRAINT ramp_requests_outcome_check
  CHECK (outcome IN ('withdrawn', 'declined', 'started', 'cleared', 'left'));
-- What waits for people who left before this.
UPDATE ramp_requests SET outcome = 'left', closed_at = now() AT TIME ZONE 'UTC'
  WHERE closed_at IS NULL AND person_id IN (SELECT id FROM people WHERE deactivated_at IS NOT NULL);
