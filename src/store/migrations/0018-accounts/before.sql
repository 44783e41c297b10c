-- Every comparison says of which chain it is.
SELECT id FROM reconciliation WHERE json_extract(CAST(report AS TEXT), '$.chain') IS NULL;
