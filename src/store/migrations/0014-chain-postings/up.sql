-- loss: coins that left a wallet by nobody's order. undeposit: a deposit whose block has left the chain.
CREATE TABLE posting_next (
  seq INTEGER PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('deposit', 'undeposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'freeze', 'unfreeze', 'fail', 'unfail', 'fee', 'unfee', 'move', 'unmove', 'loss', 'unloss')),
  subject TEXT NOT NULL,
  turn INTEGER NOT NULL CHECK (turn = 1 OR (turn > 1 AND reason NOT IN ('hold', 'release'))),
  operation TEXT NOT NULL REFERENCES operation (id),
  at TEXT NOT NULL,
  UNIQUE (subject, reason, turn)
) STRICT;
INSERT INTO posting_next SELECT * FROM posting;
CREATE TABLE entry_next (
  posting INTEGER NOT NULL REFERENCES posting_next (seq),
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  asset TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  PRIMARY KEY (posting, line)
) STRICT, WITHOUT ROWID;
INSERT INTO entry_next SELECT * FROM entry;
DROP TABLE entry;
DROP TABLE posting;
ALTER TABLE posting_next RENAME TO posting;
ALTER TABLE entry_next RENAME TO entry;
CREATE INDEX entry_by_account ON entry (account, posting);
CREATE INDEX posting_by_time ON posting (at, seq);

-- state: what the books have of a deposit. GONE: its block has left the chain, and the books have it still. UNCREDITED: they
-- have it no more. Credited again, it has the block that holds it now.
CREATE TABLE deposit_next (
  seq INTEGER PRIMARY KEY,
  coin TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES address (account),
  customer TEXT NOT NULL REFERENCES customer (id),
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units GLOB '[1-9]*' AND units NOT GLOB '*[^0-9]*'),
  block_hash TEXT NOT NULL,
  height INTEGER NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id),
  state TEXT NOT NULL CHECK (state IN ('CREDITED', 'GONE', 'UNCREDITED')),
  version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
INSERT INTO deposit_next SELECT *, 'CREDITED', 1 FROM deposit;
DROP TABLE deposit;
ALTER TABLE deposit_next RENAME TO deposit;
CREATE INDEX deposit_by_customer ON deposit (customer);
CREATE INDEX deposit_by_height ON deposit (height);
CREATE INDEX deposit_unsolved ON deposit (seq) WHERE state = 'GONE';

-- A rung that a block holds before its receipt has come is an attempt from then on: the block has its bytes.
DROP TABLE early_transaction;

-- What people have decided of a transaction that spends coins of ours and is no attempt of ours, for each wallet that it
-- spends from. units: what the wallet holds less, its own change taken off.
CREATE TABLE foreign_booking (
  transaction_id TEXT NOT NULL CHECK (length(transaction_id) = 64),
  wallet TEXT NOT NULL REFERENCES wallet (name),
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  warrant TEXT NOT NULL CHECK (length(warrant) = 64),
  operation TEXT NOT NULL REFERENCES operation (id),
  PRIMARY KEY (transaction_id, wallet)
) STRICT, WITHOUT ROWID;

-- A withdrawal that one of its outputs has paid: of those that have not ended, one for each of either.
CREATE TABLE foreign_settlement (
  warrant TEXT PRIMARY KEY CHECK (length(warrant) = 64),
  withdrawal TEXT NOT NULL REFERENCES withdrawal (id),
  coin TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  wallet TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units GLOB '[1-9]*' AND units NOT GLOB '*[^0-9]*'),
  FOREIGN KEY (transaction_id, wallet) REFERENCES foreign_booking (transaction_id, wallet)
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_settlement_by_transaction ON foreign_settlement (transaction_id, wallet);
CREATE INDEX foreign_settlement_by_withdrawal ON foreign_settlement (withdrawal);
CREATE INDEX foreign_settlement_by_coin ON foreign_settlement (coin);

-- Its transaction has left the chain, and two admins have said so: the withdrawal is not paid by it.
CREATE TABLE foreign_settlement_end (
  settlement TEXT PRIMARY KEY REFERENCES foreign_settlement (warrant),
  warrant TEXT NOT NULL UNIQUE CHECK (length(warrant) = 64),
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One withdrawal may be what several payments to its destination were for, and one payment what several ask for.
CREATE TABLE sighting_next (
  withdrawal TEXT NOT NULL REFERENCES withdrawal (id),
  coin TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (withdrawal, coin)
) STRICT, WITHOUT ROWID;
INSERT INTO sighting_next SELECT * FROM sighting;
DROP TABLE sighting;
ALTER TABLE sighting_next RENAME TO sighting;
CREATE INDEX sighting_by_coin ON sighting (coin);

-- Two admins have said that a sighting was another payment.
CREATE TABLE sighting_end (
  withdrawal TEXT NOT NULL,
  coin TEXT NOT NULL,
  warrant TEXT NOT NULL CHECK (length(warrant) = 64),
  at TEXT NOT NULL,
  PRIMARY KEY (withdrawal, coin),
  FOREIGN KEY (withdrawal, coin) REFERENCES sighting (withdrawal, coin)
) STRICT, WITHOUT ROWID;

CREATE INDEX coin_by_origin ON coin (origin);
CREATE INDEX foreign_payment_by_transaction ON foreign_payment (transaction_id);
