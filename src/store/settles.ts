/** In SQL, for reads and for triggers, so that both ask the same. */

/** Whether a settlement `t` by a transaction that is no attempt of ours stands: a reorganisation has not taken it back. */
export const SETTLES_SQL =
  "NOT EXISTS (SELECT 1 FROM foreign_settlement_end AS e WHERE e.settlement = t.warrant)";
