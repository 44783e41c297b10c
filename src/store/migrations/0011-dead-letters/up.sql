-- Steps that have failed and are to be tried again, by what they are about: how often, why, and when again. A step that
-- works takes its row away. No decision rests on it, so it has no audit rows.
CREATE TABLE retry (
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  step TEXT NOT NULL,
  failures INTEGER NOT NULL CHECK (failures > 0),
  code TEXT NOT NULL,
  first_failed TEXT NOT NULL CHECK (length(first_failed) = 20),
  next_try TEXT NOT NULL CHECK (length(next_try) = 20),
  PRIMARY KEY (entity, entity_id, step)
) STRICT, WITHOUT ROWID;

-- What is tried no more until people decide: a flag on the thing that it names, whose own state stays. One for each step
-- of a thing, however often that comes back.
CREATE TABLE dead_letter (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  step TEXT NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('poison', 'exhausted', 'policy', 'node', 'unknown')),
  code TEXT NOT NULL CHECK (length(code) <= 64),
  why TEXT NOT NULL CHECK (length(why) <= 512),
  payload TEXT NOT NULL CHECK (length(payload) = 64),
  attempts INTEGER NOT NULL CHECK (attempts > 0),
  first_failed TEXT NOT NULL CHECK (length(first_failed) = 20),
  last_failed TEXT NOT NULL CHECK (length(last_failed) = 20),
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (entity, entity_id, step)
) STRICT;
CREATE INDEX dead_letter_by_state ON dead_letter (state, seq);

-- Halts that this host alone knows (law 13): `subject` is the chain or wallet that it is over.
CREATE TABLE halt_flag (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL CHECK (scope IN ('everything', 'chain', 'wallet')),
  subject TEXT CHECK ((scope = 'everything') = (subject IS NULL)),
  code TEXT NOT NULL CHECK (length(code) <= 32),
  detail TEXT CHECK (length(detail) <= 512),
  raised_by TEXT NOT NULL,
  raised TEXT NOT NULL CHECK (length(raised) = 20),
  ended TEXT CHECK (length(ended) = 20),
  version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX halt_flag_in_force ON halt_flag (scope, coalesce(subject, ''), code) WHERE ended IS NULL;

-- What people are told of: once when it begins, once when it is over, however often the watcher is started in between.
CREATE TABLE alert (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (length(kind) <= 64),
  subject TEXT NOT NULL CHECK (length(subject) <= 128),
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'error', 'warning')),
  text TEXT NOT NULL CHECK (length(text) <= 1024),
  next TEXT NOT NULL CHECK (length(next) <= 256),
  first_seen TEXT NOT NULL CHECK (length(first_seen) = 20),
  last_seen TEXT NOT NULL CHECK (length(last_seen) = 20),
  cleared TEXT CHECK (length(cleared) = 20)
) STRICT;
CREATE UNIQUE INDEX alert_firing ON alert (kind, subject) WHERE cleared IS NULL;
CREATE INDEX alert_cleared ON alert (cleared) WHERE cleared IS NOT NULL;

-- The outbox: each alert's two messages for each channel.
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  alert TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  event TEXT NOT NULL CHECK (event IN ('firing', 'cleared')),
  channel TEXT NOT NULL CHECK (length(channel) <= 32),
  state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
  created TEXT NOT NULL CHECK (length(created) = 20),
  UNIQUE (alert, event, channel)
) STRICT;
CREATE INDEX delivery_pending ON delivery (seq) WHERE state = 'PENDING';
