DROP TABLE delta_reviews;
DROP TABLE ramp_upgrades;
