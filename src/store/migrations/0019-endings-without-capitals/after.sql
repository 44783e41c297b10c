-- Those without capitals are in their place.
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('address') WHERE name = 'address_by_ending') <> 1;
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('beneficiary') WHERE name = 'beneficiary_by_ending') <> 1;
SELECT name FROM sqlite_schema WHERE name IN ('address_by_end', 'beneficiary_by_end');
