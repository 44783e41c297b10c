-- destination: of a transfer. target: the plan whose coins a cancel brings back.
CREATE TABLE movement (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  type TEXT NOT NULL CHECK (type IN ('transfer', 'consolidate', 'cancel')),
  wallet TEXT NOT NULL REFERENCES wallet (name),
  destination TEXT REFERENCES wallet (name),
  target TEXT REFERENCES plan (id),
  asset TEXT NOT NULL,
  units TEXT NOT NULL CHECK (units <> '' AND units NOT GLOB '*[^0-9]*'),
  intent TEXT NOT NULL UNIQUE CHECK (length(intent) = 64),
  state TEXT NOT NULL,
  reason TEXT,
  version INTEGER NOT NULL CHECK (version >= 1),
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  CHECK ((type = 'transfer') = (destination IS NOT NULL)),
  CHECK (destination IS NULL OR destination <> wallet),
  CHECK ((type = 'cancel') = (target IS NOT NULL))
) STRICT;
CREATE INDEX movement_by_state ON movement (state, seq);
CREATE INDEX plan_intent_by_intent ON plan_intent (intent);

-- subject is a document's content and the movement, as the audit row has it.
CREATE TABLE movement_decision (
  subject TEXT PRIMARY KEY,
  content TEXT NOT NULL REFERENCES document (content),
  movement TEXT NOT NULL REFERENCES movement (id),
  kind TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  at TEXT NOT NULL,
  CHECK (subject = content || ':' || movement)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_decision_by_movement ON movement_decision (movement, kind);

CREATE TABLE posting_next (
  seq INTEGER PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'fee', 'unfee', 'move', 'unmove')),
  subject TEXT NOT NULL,
  turn INTEGER NOT NULL CHECK (turn = 1 OR (turn > 1 AND reason NOT IN ('deposit', 'hold', 'release'))),
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
