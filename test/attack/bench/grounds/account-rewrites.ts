/** What an attacker makes of an account's plan who knows how transactions are written. */
import type { Address } from "../../../../src/chains/evm/address.ts";
import { replacing } from "../../../../src/chains/evm/fees.ts";
import { nonceKey } from "../../../../src/chains/evm/nonce-key.ts";
import {
  encodeUnsigned,
  feePerGas,
  parseUnsigned,
  type EvmTransaction,
} from "../../../../src/chains/evm/transaction.ts";
import type { Plan } from "../../../../src/core/documents/plan.ts";
import { fromBase64, toBase64 } from "../../../../src/core/hex.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { addressCalled } from "./ether.ts";
import type { Rewrite } from "./ground.ts";

/** Within all caps; above the one by share where the payment is small, and no other; above the one by gas where it is large. */
const DEARER = [2n, 6n, 7n];

/** @param own the account */
export function accountRewrites(plan: Plan, own: Address): readonly Rewrite[] {
  const tx = parseUnsigned(fromBase64(plan.base), ANVIL);
  const as = (how: string, next: EvmTransaction, nonce = next.nonce): Rewrite => ({
    how,
    fields: { ...refitted(plan, tx, next), conflictKeys: [nonceKey({ chain: ANVIL, address: own, nonce })] },
  });
  const reached = [{ address: own, keys: [] }];
  return [
    as("another chain", { ...tx, chainId: 1n }),
    as("another nonce", { ...tx, nonce: tx.nonce + 1n }),
    as("another nonce unsaid", { ...tx, nonce: tx.nonce + 1n }, tx.nonce),
    as("another destination", { ...tx, to: addressCalled("thief") }),
    as("another value", { ...tx, value: tx.value + 1n }),
    as("nothing", { ...tx, to: own, value: 0n }),
    as("data", { ...tx, data: Uint8Array.of(0xa9, 0x05, 0x9c, 0xbb) }),
    as("more gas", { ...tx, gasLimit: tx.gasLimit + 1n }),
    as("less gas", { ...tx, gasLimit: tx.gasLimit - 1n }),
    ...retyped(tx).flatMap((next) => [
      as(`type ${next.type}`, next),
      ...(next.type === 0 ? [] : [as(`type ${next.type} with a list`, { ...next, accessList: reached })]),
    ]),
    ...DEARER.map((times) => as(`${times} times the fee`, dearer(tx, times))),
    { how: "a steep ladder", fields: steep(plan, tx) },
    { how: "a byte less", fields: { base: toBase64(encodeUnsigned(tx).subarray(0, -1)) } },
    { how: "a byte more", fields: { base: toBase64(Uint8Array.of(...encodeUnsigned(tx), 0)) } },
  ];
}

const costOf = (tx: EvmTransaction) => tx.gasLimit * feePerGas(tx);

/** Base and fees, which stand to the next base as they stood to the old one. */
function refitted({ rungs, cancel }: Plan, old: EvmTransaction, next: EvmTransaction) {
  const scaled = ({ feeUnits }: { readonly feeUnits: string }) =>
    ((BigInt(feeUnits) * costOf(next)) / costOf(old)).toString();
  return {
    base: toBase64(encodeUnsigned(next)),
    rungs: rungs.map((rung) => ({ feeUnits: scaled(rung) })),
    ...(cancel && { cancel: { ...cancel, feeUnits: scaled(cancel) } }),
  };
}

/** A last rung of eleven times the first one's fee, and a cancel rung above it. */
function steep({ rungs, cancel }: Plan, tx: EvmTransaction) {
  const fee = feePerGas(tx) * 11n;
  const last = { feeUnits: (fee * tx.gasLimit).toString() };
  return {
    rungs: [...rungs.slice(0, -1), last],
    ...(cancel && { cancel: { ...cancel, feeUnits: (replacing(fee) * tx.gasLimit).toString() } }),
  };
}

function dearer(tx: EvmTransaction, times: bigint): EvmTransaction {
  return tx.type === 2
    ? { ...tx, maxFeePerGas: tx.maxFeePerGas * times }
    : { ...tx, gasPrice: tx.gasPrice * times };
}

/** The same transaction in each form; of type 2 at another speed, since what it may pay is its priority fee. */
function retyped(tx: EvmTransaction): readonly EvmTransaction[] {
  const { chainId, nonce, gasLimit, to, value, data } = tx;
  const common = { chainId, nonce, gasLimit, to, value, data };
  const gasPrice = feePerGas(tx);
  const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
  return [
    { ...common, type: 0, gasPrice },
    { ...common, type: 1, gasPrice, accessList: [] },
    { ...common, type: 2, ...fees, accessList: [] },
  ];
}
