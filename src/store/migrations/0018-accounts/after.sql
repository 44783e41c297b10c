SELECT id FROM reconciliation WHERE chain = '';
SELECT id FROM attempt WHERE failed <> 0 OR paid_units IS NOT NULL OR network_id IS NOT NULL;
