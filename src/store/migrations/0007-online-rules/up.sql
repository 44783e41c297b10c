-- Which accounts a customer's signed destinations are about: a request reads its own, not all of them.
CREATE TABLE beneficiary (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  customer TEXT NOT NULL CHECK (length(customer) = 32),
  account TEXT NOT NULL CHECK (account <> '')
) STRICT, WITHOUT ROWID;
CREATE INDEX beneficiary_by_account ON beneficiary (account, customer);
INSERT INTO beneficiary
  SELECT DISTINCT digest, json_extract(CAST(bytes AS TEXT), '$.customer'), json_extract(CAST(bytes AS TEXT), '$.account')
  FROM document WHERE kind = 'beneficiary';

-- Signed rates in the order of their issue.
CREATE TABLE rates (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  issued TEXT NOT NULL,
  expires TEXT NOT NULL CHECK (expires > issued),
  imported TEXT NOT NULL,
  UNIQUE (currency, issued)
) STRICT, WITHOUT ROWID;

-- What each withdrawal takes of the online limits, from its request on; `released` when it ended without a payment.
-- Its value stays what it was at the request, with the rates by which it was found.
CREATE TABLE limit_use (
  seq INTEGER PRIMARY KEY,
  withdrawal TEXT NOT NULL UNIQUE REFERENCES withdrawal (id),
  at TEXT NOT NULL,
  customer TEXT NOT NULL,
  account TEXT NOT NULL,
  tier TEXT NOT NULL,
  chain TEXT NOT NULL,
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  currency TEXT CHECK (length(currency) = 3),
  minor_units TEXT CHECK (minor_units <> '' AND minor_units NOT GLOB '*[^0-9]*'),
  rates TEXT REFERENCES rates (digest),
  released TEXT,
  CHECK ((currency IS NULL) = (minor_units IS NULL) AND (currency IS NULL) = (rates IS NULL))
) STRICT;
CREATE INDEX limit_use_by_customer ON limit_use (customer, at);
CREATE INDEX limit_use_by_account ON limit_use (account, at);
CREATE INDEX limit_use_by_tier ON limit_use (tier, at);
CREATE INDEX limit_use_by_chain ON limit_use (chain, at);

-- Sums of `limit_use` over whole spans of seconds, so that a month is read in a hundred rows. Made from it, and compared
-- with it by `custody ledger verify` (I11). `currency` is empty for what was never valued.
CREATE TABLE limit_sum (
  scope TEXT NOT NULL CHECK (scope IN ('customer', 'tier', 'destination', 'network')),
  subject TEXT NOT NULL,
  span INTEGER NOT NULL CHECK (span > 0),
  start TEXT NOT NULL,
  asset TEXT NOT NULL,
  currency TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  minor_units TEXT NOT NULL CHECK (minor_units <> '' AND minor_units NOT GLOB '*[^0-9]*'),
  payments INTEGER NOT NULL CHECK (payments >= 0),
  PRIMARY KEY (scope, subject, span, start, asset, currency)
) STRICT, WITHOUT ROWID;
