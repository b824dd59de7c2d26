UPDATE ramp_requests SET outcome = 'withdrawn' WHERE outcome IN ('cleared', 'left');
ALTER TABLE ramp_requests DROP CONSTRAINT ramp_requests_outcome_check;
ALTER TABLE ramp_requests ADD CONSTRAINT ramp_requests_outcome_check
  CHECK (outcome IN ('withdrawn', 'declined', 'started'));
