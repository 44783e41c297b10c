-- None of the tables exists yet.
SELECT name FROM sqlite_schema WHERE name IN ('retry', 'dead_letter', 'halt_flag', 'alert', 'delivery');
