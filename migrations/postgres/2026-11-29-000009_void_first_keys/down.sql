DROP TABLE void_first_keys;
