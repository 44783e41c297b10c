-- Every plan has the audit row of its build, and that names its conflict keys.
SELECT id FROM plan WHERE NOT EXISTS (
  SELECT 1 FROM audit_row WHERE entity = 'plan' AND entity_id = plan.id AND version = 1
  AND json_array_length(after, '$.conflictKeys') > 0);
