-- None of the tables exists yet, and every stored destination can be read for its index.
SELECT name FROM sqlite_schema WHERE name IN ('beneficiary', 'rates', 'limit_use', 'limit_sum');
SELECT digest FROM document WHERE kind = 'beneficiary' AND json_extract(CAST(bytes AS TEXT), '$.account') IS NULL;
