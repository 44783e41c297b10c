-- Every plan says how it was built.
SELECT id FROM plan WHERE length(build) = 0;

-- A plan stands on attempts of other plans.
SELECT p.plan FROM plan_parent AS p JOIN attempt AS a ON a.txid = p.txid WHERE a.plan = p.plan;

-- Only a consolidation is anybody's child.
SELECT id FROM movement WHERE child_of IS NOT NULL AND type <> 'consolidate';
