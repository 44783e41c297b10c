SELECT id FROM attempt WHERE shortfalls IS NOT NULL;
