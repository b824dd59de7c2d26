-- What somebody judged as a mentor lately, for the programme audit. Without it every judgement is read.
CREATE INDEX assessments_mentor ON assessments (by_id, at) WHERE stream = 'mentor';
