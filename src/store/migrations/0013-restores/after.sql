-- Nobody holds by hand what is not on hold, and every withdrawal has the place in the audit log where it began.
SELECT id FROM withdrawal WHERE holder IS NOT NULL AND state <> 'ON_HOLD';
SELECT id FROM withdrawal WHERE NOT EXISTS (
  SELECT 1 FROM audit_row WHERE entity = 'withdrawal' AND entity_id = withdrawal.id AND version = 1);
SELECT 1 WHERE (SELECT count(*) FROM pragma_index_list('quarantine') WHERE name = 'quarantine_by_cause') <> 1;
