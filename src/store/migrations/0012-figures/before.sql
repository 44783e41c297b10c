-- Postings have times, and no two rows of the queue one id.
SELECT seq FROM posting WHERE at IS NULL;
SELECT id FROM withdrawal GROUP BY id HAVING count(*) > 1;
