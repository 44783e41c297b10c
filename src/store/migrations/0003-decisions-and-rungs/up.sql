DROP TABLE withdrawal_approval;
-- subject is a document's content and the withdrawal, as the audit row has it.
CREATE TABLE decision (
  subject TEXT PRIMARY KEY,
  content TEXT NOT NULL REFERENCES document (content),
  withdrawal TEXT NOT NULL REFERENCES withdrawal (id),
  kind TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  at TEXT NOT NULL,
  CHECK (subject = content || ':' || withdrawal)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_by_withdrawal ON decision (withdrawal, kind);

-- previous: what the plan's inputs spend, canonical JSON. replaces: the plan whose place this one takes.
ALTER TABLE plan ADD COLUMN previous BLOB NOT NULL DEFAULT x'5b5d';
ALTER TABLE plan ADD COLUMN replaces TEXT REFERENCES plan (id);
CREATE INDEX plan_by_replaced ON plan (replaces) WHERE replaces IS NOT NULL;

-- policy_row and units count against that row's limits; the plan's fee counts against the row of its first intent.
CREATE TABLE plan_intent (
  plan TEXT NOT NULL REFERENCES plan (id),
  place INTEGER NOT NULL CHECK (place >= 0),
  intent TEXT NOT NULL CHECK (length(intent) = 64),
  withdrawal TEXT REFERENCES withdrawal (id),
  policy_row TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  PRIMARY KEY (plan, place),
  UNIQUE (plan, intent)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_intent_by_withdrawal ON plan_intent (withdrawal) WHERE withdrawal IS NOT NULL;

-- audit_epoch and audit_size: the place of the audit tree that it carries, which its signers will countersign.
CREATE TABLE request (
  request TEXT PRIMARY KEY CHECK (length(request) = 64),
  plan TEXT NOT NULL REFERENCES plan (id),
  audit_epoch INTEGER NOT NULL,
  audit_size INTEGER NOT NULL,
  exported TEXT NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_plan ON request (plan, exported);

-- audit_epoch and audit_size: the place of the audit tree that the signer has countersigned.
DROP TABLE receipt;
CREATE TABLE receipt (
  seq INTEGER PRIMARY KEY,
  receipt TEXT NOT NULL UNIQUE CHECK (length(receipt) = 64),
  request TEXT NOT NULL REFERENCES request (request),
  signer TEXT NOT NULL,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  outcome TEXT NOT NULL CHECK (outcome IN ('signed', 'refused')),
  gate TEXT,
  rule TEXT,
  audit_epoch INTEGER,
  audit_size INTEGER,
  imported TEXT NOT NULL,
  operation TEXT NOT NULL REFERENCES operation (id),
  CHECK ((outcome = 'refused') = (gate IS NOT NULL)),
  CHECK ((gate IS NULL) = (rule IS NULL)),
  CHECK ((outcome = 'signed') = (audit_size IS NOT NULL)),
  CHECK ((audit_size IS NULL) = (audit_epoch IS NULL))
) STRICT;
-- The same request, once signed, gets the same receipt; a refused one is judged again.
CREATE UNIQUE INDEX receipt_signed_once ON receipt (request, signer) WHERE outcome = 'signed';
CREATE INDEX receipt_by_signer ON receipt (signer, outcome);

-- Journal heads by number, as receipts have shown them. Two heads with one number: the signer was set back.
CREATE TABLE signer_head (
  subject TEXT PRIMARY KEY,
  signer TEXT NOT NULL,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  number INTEGER NOT NULL CHECK (number >= 0),
  head TEXT NOT NULL CHECK (length(head) = 64),
  UNIQUE (signer, epoch, number),
  CHECK (subject = signer || ':' || epoch || ':' || number)
) STRICT, WITHOUT ROWID;

-- One maker's verified signatures for one rung, canonical JSON. source: a signer's name, or psbt:<sha256 of the file>.
CREATE TABLE rung_signature (
  subject TEXT PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan (id),
  rung INTEGER NOT NULL CHECK (rung >= 0),
  source TEXT NOT NULL,
  txid TEXT NOT NULL CHECK (length(txid) = 64),
  signatures BLOB NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (plan, rung, source),
  CHECK (subject = plan || ':' || rung || ':' || source)
) STRICT, WITHOUT ROWID;

-- wanted: since when it should be on the network; the cheapest rung is without being asked for.
ALTER TABLE attempt ADD COLUMN kind TEXT NOT NULL DEFAULT 'rung' CHECK (kind IN ('rung', 'cancel'));
ALTER TABLE attempt ADD COLUMN fee_units TEXT NOT NULL DEFAULT '0' CHECK (fee_units <> '' AND fee_units NOT GLOB '*[^0-9]*');
ALTER TABLE attempt ADD COLUMN wanted TEXT;

CREATE TABLE posting_next (
  seq INTEGER PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'fee', 'unfee')),
  subject TEXT NOT NULL,
  turn INTEGER NOT NULL CHECK (turn = 1 OR (turn > 1 AND reason IN ('send', 'unsend', 'settle', 'unsettle', 'fee', 'unfee'))),
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
