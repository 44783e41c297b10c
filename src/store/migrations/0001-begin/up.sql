-- Amounts are TEXT base units, times RFC 3339 UTC text of 20 characters, ids and digests lowercase hex.
-- Triggers are not here: guards.ts makes them from code after every migration, so that a table that is rebuilt keeps them.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE edge (
  entity TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (entity, from_state, to_state)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
  id TEXT PRIMARY KEY CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  command TEXT NOT NULL,
  actor TEXT NOT NULL,
  started TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- seq is the leaf's place in the audit tree, counted from 1.
CREATE TABLE audit_row (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id),
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  event TEXT NOT NULL,
  before TEXT,
  after TEXT,
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  UNIQUE (entity, entity_id, version)
) STRICT;
CREATE INDEX audit_row_by_operation ON audit_row (operation);

-- One row a commit: the tree's root over the first `size` rows.
CREATE TABLE audit_head (
  size INTEGER PRIMARY KEY,
  root TEXT NOT NULL CHECK (length(root) = 64),
  at TEXT NOT NULL
) STRICT;

-- The tree's right edge, so that a row is appended with log2(n) hashes. Derived from audit_row.
CREATE TABLE audit_frontier (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  peaks BLOB NOT NULL
) STRICT;

CREATE TABLE document (
  content TEXT PRIMARY KEY CHECK (length(content) = 64),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  kind TEXT NOT NULL,
  bytes BLOB NOT NULL,
  imported TEXT NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_by_digest ON document (digest, imported, content);
CREATE INDEX document_by_kind ON document (kind, digest);

CREATE TABLE policy_active (
  number INTEGER PRIMARY KEY CHECK (number >= 1),
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  activated TEXT NOT NULL
) STRICT;

CREATE TABLE customer (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  ref TEXT NOT NULL UNIQUE CHECK (length(ref) BETWEEN 1 AND 256),
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
  version INTEGER NOT NULL,
  created TEXT NOT NULL
) STRICT;

CREATE TABLE wallet (
  name TEXT PRIMARY KEY,
  chain TEXT NOT NULL,
  descriptor TEXT NOT NULL UNIQUE,
  registered TEXT NOT NULL,
  next_receive INTEGER NOT NULL CHECK (next_receive BETWEEN 0 AND 2147483647),
  next_change INTEGER NOT NULL CHECK (next_change BETWEEN 0 AND 2147483647),
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE address (
  account TEXT PRIMARY KEY,
  wallet TEXT NOT NULL REFERENCES wallet (name),
  branch INTEGER NOT NULL CHECK (branch IN (0, 1)),
  idx INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 2147483647),
  customer TEXT REFERENCES customer (id),
  issued TEXT NOT NULL,
  UNIQUE (wallet, branch, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_by_customer ON address (customer) WHERE customer IS NOT NULL;

-- A coin is credited once: its conflict key is the key.
CREATE TABLE deposit (
  seq INTEGER PRIMARY KEY,
  coin TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES address (account),
  customer TEXT NOT NULL REFERENCES customer (id),
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units GLOB '[1-9]*' AND units NOT GLOB '*[^0-9]*'),
  block_hash TEXT NOT NULL,
  height INTEGER NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id)
) STRICT;
CREATE INDEX deposit_by_customer ON deposit (customer);

CREATE TABLE chain_cursor (
  chain TEXT PRIMARY KEY,
  height INTEGER NOT NULL CHECK (height >= 0),
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id TEXT PRIMARY KEY CHECK (length(id) = 32),
  operator TEXT NOT NULL,
  public_key TEXT NOT NULL CHECK (length(public_key) = 64),
  delegation TEXT NOT NULL UNIQUE CHECK (length(delegation) = 64),
  started TEXT NOT NULL,
  expires TEXT NOT NULL,
  ended TEXT,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  wallet TEXT NOT NULL REFERENCES wallet (name),
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  request TEXT CHECK (length(request) = 64),
  snapshot BLOB NOT NULL,
  change_index INTEGER,
  fee_units TEXT NOT NULL CHECK (fee_units <> '' AND fee_units NOT GLOB '*[^0-9]*'),
  created TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT;
CREATE INDEX plan_by_state ON plan (state);
CREATE INDEX plan_by_request ON plan (request) WHERE request IS NOT NULL;

-- A conflict key belongs to one plan at a time (F7, F9).
CREATE TABLE lease (
  conflict_key TEXT PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_by_plan ON lease (plan);

-- client_key is unique for ever, not for a day (F14).
CREATE TABLE withdrawal (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  customer TEXT NOT NULL REFERENCES customer (id),
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units GLOB '[1-9]*' AND units NOT GLOB '*[^0-9]*'),
  account TEXT NOT NULL,
  beneficiary TEXT NOT NULL CHECK (length(beneficiary) = 64),
  client_key TEXT NOT NULL UNIQUE CHECK (length(client_key) BETWEEN 1 AND 256),
  body_hash TEXT NOT NULL CHECK (length(body_hash) = 64),
  intent TEXT UNIQUE CHECK (length(intent) = 64),
  state TEXT NOT NULL,
  reason TEXT,
  plan TEXT REFERENCES plan (id),
  version INTEGER NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT;
CREATE INDEX withdrawal_by_state ON withdrawal (state);
CREATE INDEX withdrawal_by_customer ON withdrawal (customer);
CREATE INDEX withdrawal_by_plan ON withdrawal (plan) WHERE plan IS NOT NULL;

CREATE TABLE withdrawal_approval (
  approval TEXT PRIMARY KEY REFERENCES document (content),
  withdrawal TEXT NOT NULL REFERENCES withdrawal (id),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawal_approval_by_withdrawal ON withdrawal_approval (withdrawal);

-- Signed bytes are durable before the first send (I6). confirmations_seen and last_error are what was observed.
CREATE TABLE attempt (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'),
  plan TEXT NOT NULL REFERENCES plan (id),
  rung INTEGER NOT NULL CHECK (rung >= 0),
  txid TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  block_hash TEXT,
  height INTEGER,
  confirmations_seen INTEGER NOT NULL CHECK (confirmations_seen >= 0),
  last_error TEXT,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  UNIQUE (plan, rung),
  CHECK ((block_hash IS NULL) = (height IS NULL))
) STRICT;
CREATE INDEX attempt_by_state ON attempt (state);

CREATE TABLE receipt (
  request TEXT PRIMARY KEY CHECK (length(request) = 64),
  receipt TEXT NOT NULL UNIQUE CHECK (length(receipt) = 64),
  imported TEXT NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id)
) STRICT, WITHOUT ROWID;

-- Only what a wallet holds by our books can fall below zero (fees paid from coins that nobody was credited with);
-- what we owe never can (I2).
CREATE TABLE account_balance (
  account TEXT NOT NULL,
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units GLOB '[-0-9]*' AND substr(units, 2) NOT GLOB '*[^0-9]*'),
  PRIMARY KEY (account, asset),
  CHECK (substr(units, 1, 1) <> '-' OR account GLOB 'wallet:*')
) STRICT, WITHOUT ROWID;

-- turn counts postings of one reason and subject: a settlement may be taken back and made again, nothing else repeats.
CREATE TABLE posting (
  seq INTEGER PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('deposit', 'hold', 'release', 'send', 'settle', 'unsettle')),
  subject TEXT NOT NULL,
  turn INTEGER NOT NULL CHECK (turn = 1 OR (turn > 1 AND reason IN ('settle', 'unsettle'))),
  operation TEXT NOT NULL REFERENCES operation (id),
  at TEXT NOT NULL,
  UNIQUE (subject, reason, turn)
) STRICT;

CREATE TABLE entry (
  posting INTEGER NOT NULL REFERENCES posting (seq),
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  asset TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  PRIMARY KEY (posting, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_by_account ON entry (account, posting);

CREATE TABLE hold (
  withdrawal TEXT PRIMARY KEY REFERENCES withdrawal (id),
  state TEXT NOT NULL,
  updated TEXT NOT NULL
) STRICT, WITHOUT ROWID;
