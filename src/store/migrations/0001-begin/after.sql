-- Every table is STRICT, so that a number can never slip into a column of money.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- Money and times are TEXT.
SELECT t.name, c.name, c.type
FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
WHERE t.schema = 'main' AND c.name IN ('units', 'fee_units', 'at', 'created', 'updated', 'imported', 'expires') AND c.type <> 'TEXT';

-- A new database is empty: nothing is owed and nothing has happened.
SELECT seq FROM audit_row;
SELECT account FROM account_balance;
