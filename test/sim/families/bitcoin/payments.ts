/** Whom the chain pays, whatever anybody says. */
import type { Block } from "./chain.ts";
import { accountOfScript } from "./account.ts";

/** How many outputs in these blocks pay an amount to an account. */
export function paymentsIn(blocks: readonly Block[]): ReadonlyMap<string, number> {
  const payments = new Map<string, number>();
  for (const { transaction } of blocks.flatMap(({ transactions }) => transactions)) {
    for (const { script, units } of transaction.outputs) {
      const name = `${accountOfScript(script)} ${units}`;
      payments.set(name, (payments.get(name) ?? 0) + 1);
    }
  }
  return payments;
}
