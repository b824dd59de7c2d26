ALTER TABLE form_keys DROP COLUMN content;
