-- build: task and options that a plan was built from, canonical JSON: with its snapshot it can be built again (F3, F15).
ALTER TABLE plan ADD COLUMN build BLOB NOT NULL DEFAULT x'';

-- child_of: the waiting plan whose change a consolidation spends, so that both are mined.
ALTER TABLE movement ADD COLUMN child_of TEXT REFERENCES plan (id) CHECK (child_of IS NULL OR type = 'consolidate');
CREATE INDEX movement_by_parent ON movement (child_of) WHERE child_of IS NOT NULL;

-- txid: a transaction of ours that no block held when the plan was built, and one of whose outputs it spends. Should that
-- transaction be beaten by another of its own plan's, the plan can never settle.
CREATE TABLE plan_parent (
  plan TEXT NOT NULL REFERENCES plan (id),
  txid TEXT NOT NULL REFERENCES attempt (txid),
  PRIMARY KEY (plan, txid)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_parent_by_txid ON plan_parent (txid);
