-- The indexes are there.
SELECT wanted.name FROM (
  SELECT 'address_by_end' AS name UNION SELECT 'beneficiary_by_end' UNION SELECT 'plan_by_wallet' UNION SELECT 'withdrawal_by_amount'
) AS wanted WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema AS s WHERE s.type = 'index' AND s.name = wanted.name);
