-- The types of movements are those of 0005.
SELECT id FROM movement WHERE type NOT IN ('transfer', 'consolidate', 'cancel', 'attest');
