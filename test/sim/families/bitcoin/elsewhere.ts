/** Payments from our coins that another maker's program makes of what is signed here. */
import { transactionBytes, type Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Family } from "../family.ts";
import { accountOfScript, INDEX_MAX, scriptsOf } from "./account.ts";
import { transactionOf } from "./attempt.ts";
import { BitcoinChain } from "./chain.ts";

/** What such a program pays more to the network, and what it leaves of the change at least. */
const [DEARER, CHANGE_MIN] = [9_000n, 50_000n];

/** A rung with less change. */
export const madeElsewhere: Family["madeElsewhere"] = (bytes, house, mistaken) => {
  const { outputs, ...rest } = transactionOf(bytes);
  const own = scriptsOf(house.vault.descriptor, INDEX_MAX);
  const isChange = ({ script }: Transaction["outputs"][number]) => own.has(toHex(script));
  const change = outputs.findIndex((output) => isChange(output) && output.units > DEARER + CHANGE_MIN);
  const payment = outputs.findIndex((output) => !isChange(output));
  if (change < 0 || payment < 0) return undefined;
  const more = mistaken ? 1n : 0n;
  return transactionBytes({
    ...rest,
    outputs: outputs.map((output, place) => {
      if (place === change) return { ...output, units: output.units - DEARER - more };
      return place === payment ? { ...output, units: output.units + more } : output;
    }),
  });
};

export const paidBy: Family["paidBy"] = (chain, coin) => {
  assert(chain instanceof BitcoinChain, "a family has its own chain");
  const [txid = "", vout = ""] = coin.split(":").slice(-2);
  const output = chain.seen.get(txid)?.transaction.outputs[Number(vout)];
  const account = output && accountOfScript(output.script);
  return output && account ? { account, units: output.units } : undefined;
};
