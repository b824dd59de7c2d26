DROP TABLE ramp_requests;
