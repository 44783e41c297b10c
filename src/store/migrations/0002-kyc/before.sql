-- Neither the table nor the column exists yet.
SELECT name FROM sqlite_schema WHERE name = 'kyc';
SELECT name FROM pragma_table_info('session') WHERE name = 'last_used';
