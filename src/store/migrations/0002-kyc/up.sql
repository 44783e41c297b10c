-- One row a customer: `id` is the customer's pseudonym. Tier and reason are codes, never a name or a document number.
-- Tier and expiry stand while the state is ACCEPTED and at no other time, so that no reader can take an old tier for a
-- good one. Earlier decisions are the audit rows of entity 'kyc'.
CREATE TABLE kyc (
  id TEXT PRIMARY KEY REFERENCES customer (id),
  state TEXT NOT NULL,
  tier TEXT CHECK (length(tier) <= 32 AND tier GLOB '[a-z]*' AND tier NOT GLOB '*[^a-z0-9-]*'),
  expires TEXT CHECK (length(expires) = 20),
  reason TEXT CHECK (length(reason) <= 32 AND reason GLOB '[a-z]*' AND reason NOT GLOB '*[^a-z0-9-]*'),
  version INTEGER NOT NULL,
  created TEXT NOT NULL,
  updated TEXT NOT NULL,
  CHECK ((state = 'ACCEPTED') = (tier IS NOT NULL)),
  CHECK ((tier IS NULL) = (expires IS NULL))
) STRICT, WITHOUT ROWID;

-- When a command last changed something under the session; NULL: none since it started.
ALTER TABLE session ADD COLUMN last_used TEXT CHECK (length(last_used) = 20);
