-- Every table is STRICT, and times are TEXT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';
SELECT name, type FROM pragma_table_info('dead_letter') WHERE name IN ('first_failed', 'last_failed') AND type <> 'TEXT';

-- Nothing is stopped, given up or said by a migration.
SELECT id FROM dead_letter;
SELECT id FROM halt_flag;
SELECT id FROM alert;
SELECT id FROM delivery;
