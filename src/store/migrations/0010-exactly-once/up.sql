-- Which line of this database it is: another one from each restore on. SQLite seeds randomblob from the system.
INSERT INTO meta (key, value) VALUES ('instance', lower(hex(randomblob(16))));

-- Why this database may not be the whole truth; while one is open nothing is built, exported or sent first (F9).
CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  cause TEXT NOT NULL CHECK (cause IN ('restored', 'set-back', 'witness-missing', 'signer-ahead', 'foreign-spend', 'differs')),
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  since TEXT NOT NULL,
  ended TEXT,
  warrant TEXT CHECK (length(warrant) = 64),
  version INTEGER NOT NULL CHECK (version >= 1),
  CHECK ((ended IS NULL) = (warrant IS NULL))
) STRICT;
CREATE INDEX quarantine_open ON quarantine (seq) WHERE ended IS NULL;
CREATE INDEX quarantine_by_subject ON quarantine (cause, subject);

-- Each comparison of ledger, coins on the chain and attempts. report: canonical JSON, what people sign the digest of.
CREATE TABLE reconciliation (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  at TEXT NOT NULL,
  instance TEXT NOT NULL,
  tip_height INTEGER NOT NULL CHECK (tip_height >= 0),
  tip_hash TEXT NOT NULL,
  audit_size INTEGER NOT NULL CHECK (audit_size >= 0),
  audit_root TEXT NOT NULL CHECK (length(audit_root) = 64),
  verdict TEXT NOT NULL CHECK (verdict IN ('even', 'behind', 'differs')),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  report BLOB NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id)
) STRICT;
CREATE INDEX reconciliation_by_digest ON reconciliation (digest);

-- What blocks have shown of our coins. Observations, as chain_cursor is: a reorganisation takes them back.
CREATE TABLE seen_block (
  chain TEXT NOT NULL,
  height INTEGER NOT NULL CHECK (height >= 0),
  hash TEXT NOT NULL,
  PRIMARY KEY (chain, height)
) STRICT, WITHOUT ROWID;

-- account: none where it was never given out. origin: the transaction that made it. spent_by: the one that a block has seen spending it.
CREATE TABLE coin (
  coin TEXT PRIMARY KEY,
  wallet TEXT NOT NULL REFERENCES wallet (name),
  account TEXT,
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  origin TEXT NOT NULL,
  height INTEGER NOT NULL CHECK (height >= 0),
  spent_by TEXT,
  spent_height INTEGER,
  CHECK ((spent_by IS NULL) = (spent_height IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX coin_by_height ON coin (height);
CREATE INDEX coin_by_spender ON coin (spent_by) WHERE spent_by IS NOT NULL;
CREATE INDEX coin_by_spent_height ON coin (spent_height) WHERE spent_height IS NOT NULL;

-- A rung of ours that a block holds and whose receipt has not come back yet.
CREATE TABLE early_transaction (
  transaction_id TEXT PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan (id),
  height INTEGER NOT NULL CHECK (height >= 0)
) STRICT, WITHOUT ROWID;

-- What transactions that spent our coins, and are no attempts of ours, have paid to others.
CREATE TABLE foreign_payment (
  coin TEXT PRIMARY KEY,
  transaction_id TEXT NOT NULL,
  account TEXT NOT NULL,
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  height INTEGER NOT NULL CHECK (height >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_payment_by_height ON foreign_payment (height);

-- A foreign payment that is what a withdrawal asks for, to the unit: it stops that one for ever (F3).
CREATE TABLE sighting (
  withdrawal TEXT PRIMARY KEY REFERENCES withdrawal (id),
  coin TEXT NOT NULL UNIQUE,
  transaction_id TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- A comparison asks for the state of the attempt behind each coin: without its bytes.
CREATE INDEX attempt_by_transaction ON attempt (txid, state);
CREATE INDEX withdrawal_by_account ON withdrawal (account);
