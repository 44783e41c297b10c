-- Every table is STRICT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- Entries belong to postings.
SELECT e.posting FROM entry AS e LEFT JOIN posting AS p ON p.seq = e.posting WHERE p.seq IS NULL;
SELECT "table" FROM pragma_foreign_key_list('entry') WHERE "table" <> 'posting';

-- Nothing is blocked or held by a migration, and no earlier intent is a newest one.
SELECT id FROM withdrawal WHERE warrant IS NOT NULL OR code IS NOT NULL;
SELECT e.intent FROM earlier_intent AS e JOIN withdrawal AS w ON w.intent = e.intent;
