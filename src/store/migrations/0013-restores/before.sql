-- Each quarantine that has ended has its place in the audit log: what began before it is told by that.
SELECT id FROM quarantine WHERE ended IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM audit_row WHERE entity = 'quarantine' AND entity_id = quarantine.id AND version = 2);
