-- warrant: of two admins, where the coin came to an address that nobody here was given; NULL where it came to its customer's.
ALTER TABLE deposit ADD COLUMN warrant TEXT CHECK (length(warrant) = 64);

-- block_hash: of the block that made it, where that was read. What is known by its spend alone has none.
ALTER TABLE coin ADD COLUMN block_hash TEXT CHECK (block_hash IS NULL OR account IS NOT NULL);
UPDATE coin SET block_hash = (
  SELECT b.hash FROM seen_block AS b WHERE b.height = coin.height AND substr(coin.coin, 1, length(b.chain) + 1) = b.chain || ':')
WHERE account IS NOT NULL;

-- Coins at receive addresses of nobody's are listed without reading all others.
CREATE INDEX coin_by_account ON coin (account) WHERE account IS NOT NULL;
CREATE INDEX address_of_nobody ON address (customer, branch) WHERE customer IS NULL;
