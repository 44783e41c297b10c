CREATE TABLE movement_next (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  type TEXT NOT NULL CHECK (type IN ('transfer', 'consolidate', 'cancel', 'attest', 'control')),
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
  expires TEXT CHECK (length(expires) = 20),
  child_of TEXT REFERENCES plan (id) CHECK (child_of IS NULL OR type = 'consolidate'),
  CHECK ((type = 'transfer') = (destination IS NOT NULL)),
  CHECK (destination IS NULL OR destination <> wallet),
  CHECK ((type = 'cancel') = (target IS NOT NULL)),
  CHECK (type NOT IN ('attest', 'control') OR units = '0')
) STRICT;
INSERT INTO movement_next (seq, id, type, wallet, destination, target, asset, units, intent, state, reason, version, created, updated, expires, child_of)
  SELECT seq, id, type, wallet, destination, target, asset, units, intent, state, reason, version, created, updated, expires, child_of FROM movement;

CREATE TABLE movement_decision_next (
  subject TEXT PRIMARY KEY,
  content TEXT NOT NULL REFERENCES document (content),
  movement TEXT NOT NULL REFERENCES movement_next (id),
  kind TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  at TEXT NOT NULL,
  CHECK (subject = content || ':' || movement)
) STRICT, WITHOUT ROWID;
INSERT INTO movement_decision_next SELECT * FROM movement_decision;
DROP TABLE movement_decision;
DROP TABLE movement;
ALTER TABLE movement_next RENAME TO movement;
ALTER TABLE movement_decision_next RENAME TO movement_decision;
CREATE INDEX movement_by_state ON movement (state, seq);
CREATE INDEX movement_by_expiry ON movement (expires) WHERE state IN ('PENDING_APPROVAL', 'COOLING', 'READY', 'PLANNED');
CREATE INDEX movement_by_parent ON movement (child_of) WHERE child_of IS NOT NULL;
CREATE INDEX movement_decision_by_movement ON movement_decision (movement, kind);
