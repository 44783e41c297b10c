-- No plan is without, and what is leased is among them.
SELECT id FROM plan WHERE NOT EXISTS (SELECT 1 FROM plan_conflict_key AS k WHERE k.plan = plan.id);
SELECT conflict_key FROM lease WHERE NOT EXISTS (
  SELECT 1 FROM plan_conflict_key AS k WHERE k.conflict_key = lease.conflict_key AND k.plan = lease.plan);
