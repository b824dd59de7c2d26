-- Rows behind figures, as JSON, kept for a few days. What was computed before counted some figures in another way.
DELETE FROM kpi_days;
ALTER TABLE kpi_days ADD COLUMN behind TEXT;
CREATE INDEX kpi_days_behind ON kpi_days (computed_at) WHERE behind IS NOT NULL;
