DROP TABLE kpi_days;
DROP TABLE kpi_crossings;
DROP TABLE kpi_pins;
DROP TABLE kpi_notes;
DROP TABLE kpi_targets;
