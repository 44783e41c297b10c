-- Every table is STRICT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- Entries belong to postings, and postings are found by their time.
SELECT e.posting FROM entry AS e LEFT JOIN posting AS p ON p.seq = e.posting WHERE p.seq IS NULL;
SELECT "table" FROM pragma_foreign_key_list('entry') WHERE "table" <> 'posting';
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_index_list('posting') WHERE name = 'posting_by_time');

-- Each deposit is in the books, and booked once.
SELECT coin FROM deposit WHERE state <> 'CREDITED';
SELECT d.coin FROM deposit AS d WHERE (SELECT count(*) FROM posting WHERE subject = d.coin AND reason = 'deposit') > 1;

-- Nobody has decided anything of a foreign transaction yet.
SELECT transaction_id FROM foreign_booking;
SELECT withdrawal FROM sighting_end;
