-- Every table is STRICT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- Every stored destination is in the index, and nothing else is.
SELECT digest FROM document WHERE kind = 'beneficiary' AND digest NOT IN (SELECT digest FROM beneficiary);
SELECT digest FROM beneficiary WHERE digest NOT IN (SELECT digest FROM document WHERE kind = 'beneficiary');
-- Nothing is counted or valued by a migration.
SELECT withdrawal FROM limit_use;
SELECT subject FROM limit_sum;
SELECT digest FROM rates;
