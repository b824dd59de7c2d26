-- Free labels of an area, such as a project or a customer, with commas between.
ALTER TABLE areas ADD COLUMN labels TEXT NOT NULL DEFAULT '';
ALTER TABLE area_versions ADD COLUMN labels TEXT NOT NULL DEFAULT '';
