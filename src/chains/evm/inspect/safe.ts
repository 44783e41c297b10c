/** What a Safe's transaction says for itself. Without the wallet nobody knows which Safe it is of, nor its hash. */
import type { ChainId } from "../../../core/chain.ts";
import { toHex } from "../../../core/hex.ts";
import type { Summary } from "../../summary.ts";
import type { SafeTx } from "../safe.ts";
import { describeSafeTx } from "./calls.ts";

export function safeSummary(tx: SafeTx, chain: ChainId): Summary {
  const said = describeSafeTx(tx, chain);
  const uses = `nonce ${tx.nonce} of its Safe`;
  return {
    kind: "safe-transaction",
    data: {
      chain,
      to: tx.to,
      value: tx.value.toString(),
      data: `0x${toHex(tx.data)}`,
      operation: tx.operation,
      nonce: tx.nonce.toString(),
    },
    facts: [
      ["kind", `transaction of a Safe on ${chain}, for its owners to sign`],
      ["uses", uses],
      ...(said.facts.length === 0 ? [["pays", `nobody: an empty call of ${tx.to}`] as const] : said.facts),
      ["fee", "none of the Safe's: whoever has it executed pays the gas"],
    ],
    warnings: said.warnings,
    refusals: said.refusals,
    page: {
      message: undefined,
      pays: said.pays,
      fee: "none of the Safe's: whoever has it executed pays the gas",
      locks: [],
      takes: { title: "uses a nonce", each: [{ name: uses }] },
    },
  };
}
