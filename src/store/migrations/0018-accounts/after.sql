SELECT id FROM reconciliation WHERE chain = '';
SELECT id FROM attempt WHERE failed <> 0 OR paid_units IS NOT NULL OR network_id IS NOT NULL;
SELECT request FROM request AS r WHERE NOT EXISTS (SELECT 1 FROM request_plan AS p WHERE p.request = r.request AND p.plan = r.plan);
