-- Every deposit is to an address of its customer's.
SELECT d.coin FROM deposit AS d LEFT JOIN address AS a ON a.account = d.account WHERE a.customer IS NOT d.customer;
