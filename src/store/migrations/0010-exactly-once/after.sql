-- Every table is STRICT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- The database has one line, 128 bits of it.
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'instance' AND length(value) = 32);
