/** Postings about one customer's payments, and a withdrawal that is put where its money is. */
import type { Id } from "../../../src/core/identifier.ts";
import { type Posting } from "../../../src/core/ledger.ts";
import { type WithdrawalState } from "../../../src/core/states/edges.ts";
import type { Store } from "../../../src/store/database.ts";
import { post } from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import { BTC, CONTEXT, CUSTOMER, id } from "./scratch.ts";

export const payment = (number: number, units: bigint, customer = CUSTOMER) => ({
  withdrawal: id(number),
  customer,
  asset: BTC,
  units,
});
export const book = (store: Store, posting: Posting) => write(store, CONTEXT, (tx) => post(tx, posting));

/** Puts a withdrawal into the state that its hold belongs to, past the guards: these tests are about money alone. */
export function force(store: Store, withdrawal: Id, state: WithdrawalState): void {
  for (const guard of [
    "withdrawal_edge",
    "withdrawal_next_version",
    "withdrawal_update_audited",
    "withdrawal_planned_in_draft",
    "withdrawal_paid_elsewhere",
  ]) {
    store.database.exec(`DROP TRIGGER IF EXISTS ${guard}`);
  }
  store.database.prepare("UPDATE withdrawal SET state = ? WHERE id = ?").run(state, withdrawal);
}
