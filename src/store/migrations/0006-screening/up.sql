-- expires: when the intent ends, so that what is overdue is found without reading its document. code: why it is held.
-- warrant: of what is blocked, the document by which two of compliance allow it.
ALTER TABLE withdrawal ADD COLUMN expires TEXT CHECK (length(expires) = 20);
ALTER TABLE withdrawal ADD COLUMN code TEXT CHECK (length(code) <= 32 AND code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*');
ALTER TABLE withdrawal ADD COLUMN warrant TEXT CHECK (length(warrant) = 64);
CREATE INDEX withdrawal_by_expiry ON withdrawal (expires) WHERE state IN ('PENDING_APPROVAL', 'COOLING', 'READY', 'PLANNED');

ALTER TABLE movement ADD COLUMN expires TEXT CHECK (length(expires) = 20);
CREATE INDEX movement_by_expiry ON movement (expires) WHERE state IN ('PENDING_APPROVAL', 'COOLING', 'READY', 'PLANNED');

-- What people say of an earlier generation finds its withdrawal by this, whether or not a plan ever had it.
CREATE TABLE earlier_intent (
  intent TEXT PRIMARY KEY CHECK (length(intent) = 64),
  withdrawal TEXT NOT NULL REFERENCES withdrawal (id)
) STRICT, WITHOUT ROWID;
INSERT INTO earlier_intent
SELECT DISTINCT i.intent, w.id FROM plan_intent AS i JOIN withdrawal AS w ON w.id = i.withdrawal WHERE i.intent <> w.intent;

CREATE TABLE posting_next (
  seq INTEGER PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('deposit', 'hold', 'release', 'send', 'unsend', 'settle', 'unsettle', 'freeze', 'unfreeze', 'fail', 'unfail', 'fee', 'unfee', 'move', 'unmove')),
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
