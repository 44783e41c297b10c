-- Every table is STRICT, and times are TEXT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';
SELECT name, type FROM pragma_table_info('kyc') WHERE name IN ('expires', 'created', 'updated') AND type <> 'TEXT';
SELECT name, type FROM pragma_table_info('session') WHERE name = 'last_used' AND type <> 'TEXT';

-- Nobody is accepted by a migration, and no session was used by one.
SELECT id FROM kyc;
SELECT id FROM session WHERE last_used IS NOT NULL;
