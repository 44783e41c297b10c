-- The types of movements are those of 0004.
SELECT id FROM movement WHERE type NOT IN ('transfer', 'consolidate', 'cancel');
