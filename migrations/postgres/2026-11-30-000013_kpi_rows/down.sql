DROP INDEX kpi_days_behind;
ALTER TABLE kpi_days DROP COLUMN behind;
