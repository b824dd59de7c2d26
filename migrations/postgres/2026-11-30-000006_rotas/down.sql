DROP TABLE rota_findings;
DROP TABLE rota_acceptances;
DROP TABLE rota_names;
DROP TABLE rota_entries;
DROP TABLE rota_fetches;
DROP TABLE rotas;
