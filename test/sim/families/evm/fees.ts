/** I8: what attempts cost at most, by what they say. */
import type { Family } from "../family.ts";
import { feesOf, sentOf } from "./transaction.ts";

const GWEI = 10n ** 9n;

/** In units, by rate, as a share of what the plan's rungs pay out, and as a multiple of its cheapest. */
export const overpriced: Family["overpriced"] = ({ books, house }) => {
  const fees = house.policy.body.chains[0]?.fees;
  if (fees === undefined) return ["the policy has no caps"];
  return books.attempts.flatMap(({ plan, kind, txid, bytes }) => {
    const rungs = books.attempts
      .filter((one) => one.plan === plan && one.kind === "rung")
      .map((one) => sentOf(one.bytes));
    const { max } = feesOf(sentOf(bytes).transaction);
    const fee = feeOf(bytes);
    const cheapest = rungs
      .map((one) => feeOf(one.bytes))
      .reduce((least, one) => (one < least ? one : least), fee);
    const paid = rungs[0]?.transaction.value ?? 0n;
    const over =
      fee > BigInt(fees.absoluteUnitsMax) ||
      max > BigInt(fees.rateMax) * GWEI ||
      fee > BigInt(fees.ladderRatioMax) * cheapest ||
      (paid > 0n && 1000n * fee > BigInt(fees.sharePermilleMax) * paid);
    return over ? [`${kind} ${txid} costs ${fee}, it moves ${paid}`] : [];
  });
};

function feeOf(bytes: Uint8Array): bigint {
  const { transaction } = sentOf(bytes);
  return transaction.gasLimit * feesOf(transaction).max;
}
