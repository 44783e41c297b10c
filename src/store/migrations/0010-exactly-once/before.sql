-- The database has no line yet.
SELECT key FROM meta WHERE key = 'instance';
