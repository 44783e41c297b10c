-- Every table is STRICT.
SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%';

-- Decisions belong to movements.
SELECT d.subject FROM movement_decision AS d LEFT JOIN movement AS m ON m.id = d.movement WHERE m.id IS NULL;
SELECT "table" FROM pragma_foreign_key_list('movement_decision') WHERE "table" NOT IN ('document', 'movement');
