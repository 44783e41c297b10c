-- Nothing but the list of migrations exists yet.
SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name <> 'migration';
