/** I8: what attempts cost, by the coins that they spend. */
import type { Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Family } from "../family.ts";
import { INDEX_MAX, scriptsOf } from "./account.ts";
import { BitcoinChain, virtualSize } from "./chain.ts";
import { transactionOf } from "./attempt.ts";
import { assert } from "../../../../src/core/errors.ts";

/**
 * In units, by rate, as a share of what the plan's rungs pay out, and as a multiple of its cheapest. Where they pay nobody,
 * all that comes back is what is moved.
 */
export const overpriced: Family["overpriced"] = ({ books, house, chain }) => {
  const fees = house.policy.body.chains[0]?.fees;
  if (fees === undefined) return ["the policy has no caps"];
  assert(chain instanceof BitcoinChain, "a family has its own chain");
  const own = scriptsOf(house.vault.descriptor, INDEX_MAX);
  const feeOf = ({ inputs, outputs }: Transaction) =>
    inputs.reduce(
      (sum, { txid, vout }) => sum + (chain.seen.get(txid)?.transaction.outputs[vout]?.units ?? 0n),
      0n,
    ) - sumOf(outputs);
  return books.attempts.flatMap((attempt) => {
    const transaction = transactionOf(attempt.bytes);
    const fee = feeOf(transaction);
    const together = books.attempts.filter(({ plan }) => plan === attempt.plan);
    // The signatures of one rung may be in, and those of its plan's first not.
    const rungs = together.filter(({ kind }) => kind === "rung").map(({ bytes }) => transactionOf(bytes));
    const moved = (rungs[0] ?? transaction).outputs;
    const paid = sumOf(moved.filter(({ script }) => !own.has(toHex(script)))) || sumOf(moved);
    const cheapest = rungs.map(feeOf).reduce((least, one) => (one < least ? one : least), fee);
    // A cancel rung pays for the relay of the rungs that it replaces, so its rate is taken over the largest (BIP-125).
    const sizes = together.map(({ bytes }) => virtualSize(transactionOf(bytes)));
    const size = attempt.kind === "cancel" ? Math.max(...sizes) : virtualSize(transaction);
    const over =
      fee < 0n ||
      fee > BigInt(fees.absoluteUnitsMax) ||
      fee > BigInt(fees.rateMax) * BigInt(size) ||
      fee > BigInt(fees.ladderRatioMax) * cheapest ||
      1000n * fee > BigInt(fees.sharePermilleMax) * paid;
    return over ? [`${attempt.kind} ${attempt.txid} costs ${fee}, it moves ${paid}`] : [];
  });
};

const sumOf = (outputs: Transaction["outputs"]): bigint =>
  outputs.reduce((sum, { units }) => sum + units, 0n);
