-- Nobody has credited anything by a warrant yet, and a coin's block is the one that was read at its height.
SELECT coin FROM deposit WHERE warrant IS NOT NULL;
SELECT c.coin FROM coin AS c JOIN seen_block AS b ON b.height = c.height AND substr(c.coin, 1, length(b.chain) + 1) = b.chain || ':'
WHERE c.account IS NOT NULL AND c.block_hash IS NOT b.hash;
