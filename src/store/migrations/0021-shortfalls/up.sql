-- What payees got less of than they were sent, as tokens logged it in the attempt's block; NULL where nobody did.
ALTER TABLE attempt ADD COLUMN shortfalls TEXT CHECK (shortfalls IS NULL OR json_array_length(shortfalls) > 0);
