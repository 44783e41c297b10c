-- Both indexes of endings with their capitals are there.
SELECT 1 WHERE (SELECT count(*) FROM sqlite_schema WHERE name IN ('address_by_end', 'beneficiary_by_end')) <> 2;
