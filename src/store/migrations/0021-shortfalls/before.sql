-- What an attempt did in its block stands beside the block.
SELECT id FROM attempt WHERE paid_units IS NOT NULL AND block_hash IS NULL;
