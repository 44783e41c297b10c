-- What became of an attempt in its block, as nodes last said: on some chains a block may hold one without its effect.
-- failed: 1 without it. paid_units: what was paid for it, in base units of the chain's coin; NULL where that is fee_units.
-- network_id: what nodes know it by, where that hangs on its signatures.
ALTER TABLE attempt ADD COLUMN failed INTEGER NOT NULL DEFAULT 0 CHECK (failed IN (0, 1));
ALTER TABLE attempt ADD COLUMN paid_units TEXT CHECK (paid_units <> '' AND paid_units NOT GLOB '*[^0-9]*');
ALTER TABLE attempt ADD COLUMN network_id TEXT;

-- chain: of a comparison; its report has it since there are any.
ALTER TABLE reconciliation ADD COLUMN chain TEXT NOT NULL DEFAULT '';
UPDATE reconciliation SET chain = json_extract(CAST(report AS TEXT), '$.chain');
CREATE INDEX reconciliation_by_chain ON reconciliation (chain, seq);

-- What accounts hold is summed up by wallet.
CREATE INDEX coin_by_wallet ON coin (wallet, asset);

-- A request may carry several plans, each over coins or nonces of its own; request.plan is the first of them.
CREATE TABLE request_plan (
  request TEXT NOT NULL REFERENCES request (request),
  plan TEXT NOT NULL REFERENCES plan (id),
  PRIMARY KEY (request, plan)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_plan_by_plan ON request_plan (plan);
INSERT INTO request_plan (request, plan) SELECT request, plan FROM request;
