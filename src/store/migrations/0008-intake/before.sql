-- No key has ever been used twice, and none is empty (F14).
SELECT client_key FROM withdrawal GROUP BY client_key HAVING count(*) > 1;
SELECT id FROM withdrawal WHERE client_key = '';
