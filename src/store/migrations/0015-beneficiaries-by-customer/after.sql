-- The index is there.
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('beneficiary') WHERE name = 'beneficiary_by_customer') <> 1;
