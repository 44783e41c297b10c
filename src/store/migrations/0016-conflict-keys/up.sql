-- Which plans were ever built over a conflict key: leases end with a plan, and what was signed can be sent for ever after.
CREATE TABLE plan_conflict_key (
  conflict_key TEXT NOT NULL,
  plan TEXT NOT NULL REFERENCES plan (id),
  PRIMARY KEY (conflict_key, plan)
) STRICT, WITHOUT ROWID;
-- The audit row of its build names all of a plan's keys, those too that another plan of its line has leased.
INSERT INTO plan_conflict_key (conflict_key, plan)
SELECT k.value, a.entity_id FROM audit_row AS a, json_each(a.after, '$.conflictKeys') AS k
WHERE a.entity = 'plan' AND a.version = 1;
