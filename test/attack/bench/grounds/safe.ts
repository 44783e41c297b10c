/** Nonces of a Safe whose owners are the signers' accounts. */
import { writeSafeDescriptor } from "../../../../src/chains/evm/safe-descriptor.ts";
import { describeAccount } from "../../../../src/chains/evm/account-descriptor.ts";
import { evmBuilder, evmCodec } from "../../../../src/chains/evm/index.ts";
import { encodeExecution } from "../../../../src/chains/evm/safe-execution.ts";
import { packSafeTx, unpackSafeTx } from "../../../../src/chains/evm/safe-plan.ts";
import { executionBytes } from "../../../../src/chains/evm/safe-partial.ts";
import { safeNonceKey, safeNonceOf } from "../../../../src/chains/evm/safe-nonce-key.ts";
import { hashSafeTx, makeSafeTx, type SafeTx } from "../../../../src/chains/evm/safe.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { assert } from "../../../../src/core/errors.ts";
import { fromBase64, toBase64, toHex } from "../../../../src/core/hex.ts";
import { allAttempts } from "../../../../src/chains/attempts.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { ownSafe, safeSnapshot } from "../../../factory/evm-safe.ts";
import { addressCalled, nonceOfSets, ON_ANVIL } from "./ether.ts";
import type { Ground, Rewrite } from "./ground.ts";

const SAFE = ownSafe();
const DOMAIN = { chainId: 31_337n, address: SAFE.address };

/** What was signed, by the Safe's own hash of it. */
const signed = new Map<string, SafeTx>();

const bytesOf = (tx: SafeTx) =>
  toBase64(
    executionBytes({
      safe: SAFE.address,
      nonce: tx.nonce,
      data: encodeExecution(tx, new Uint8Array(65)),
    }),
  );

const keyOf = (nonce: bigint) => safeNonceKey({ chain: ANVIL, safe: SAFE.address, nonce });

function safeRewrites(tx: SafeTx): readonly Rewrite[] {
  const as = (how: string, changes: Partial<SafeTx>, key = keyOf(changes.nonce ?? tx.nonce)): Rewrite => ({
    how,
    fields: { base: toBase64(packSafeTx({ ...tx, ...changes })), conflictKeys: [key] },
  });
  return [
    as("another nonce", { nonce: tx.nonce + 1n }),
    as("another nonce unsaid", { nonce: tx.nonce + 1n }, keyOf(tx.nonce)),
    as("another destination", { to: addressCalled("thief") }),
    as("another value", { value: tx.value + 1n }),
    as("nothing", { to: SAFE.address, value: 0n, data: new Uint8Array() }),
    as("longer data", { data: Uint8Array.of(...tx.data, 0) }),
    as("another operation", { operation: tx.operation === 0 ? 1 : 0 }),
  ];
}

export const SAFE_GROUND: Ground = {
  ...ON_ANVIL,
  name: "Safe",
  // It pays no fee and has no change.
  idle: ["G5", "G7"],
  events: [],
  quorum: { threshold: 2, holders: 3 },
  paymentsMax: Infinity,
  walletOf(name, threshold, signers) {
    const { version, address, singleton, multiSendCallOnly } = SAFE;
    const owners = signers.map(({ account }) => describeAccount(account, ANVIL).text);
    const pinned = { version, address, singleton, multiSendCallOnly, threshold };
    return {
      name,
      chain: ANVIL,
      descriptor: writeSafeDescriptor(pinned, owners, ANVIL).text,
      threshold,
      signers: signers.map(({ who }) => who.name),
      foreign: 0,
      indexGap: 1,
      exactlyOnce: "signers",
    };
  },
  build({ view, payments, task, sets, caps, options }) {
    const key = keyOf(nonceOfSets(sets));
    return evmBuilder.build(task ?? { type: "pay", payments }, view, safeSnapshot(), {
      feeRatesMilli: [20_000n],
      caps,
      anchors: [key],
      ...options,
    });
  },
  rewrites: ({ base }) => safeRewrites(unpackSafeTx(fromBase64(base))),
  greed: {},
  elsewhere(conflictKey, label) {
    const { nonce } = safeNonceOf(conflictKey) ?? { nonce: 0n };
    const to = addressCalled(label);
    const tx = makeSafeTx({ to, value: 1n, data: new Uint8Array(), operation: 0, nonce });
    return { spentBy: parseDigest(toHex(hashSafeTx(tx, DOMAIN).digest)), killer: bytesOf(tx) };
  },
  learn(plan, view) {
    for (const { transaction, tx } of allAttempts(evmCodec.decodePlan(plan, [], view)))
      if (tx.kind === "safe") signed.set(transaction, tx.transaction);
  },
  takerOf(transaction) {
    const tx = signed.get(transaction);
    assert(tx !== undefined, "what settles was signed here");
    return { spentBy: transaction, killer: bytesOf(tx) };
  },
};
