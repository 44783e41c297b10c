-- Both indexes are there.
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('withdrawal') WHERE name = 'withdrawal_by_age') <> 1;
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('posting') WHERE name = 'posting_by_time') <> 1;
