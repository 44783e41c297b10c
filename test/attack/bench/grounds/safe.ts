/** Nonces of a Safe whose owners are the signers' accounts. */
import { writeSafeDescriptor } from "../../../../src/chains/evm/safe-descriptor.ts";
import { describeAccount } from "../../../../src/chains/evm/account-descriptor.ts";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { evmBuilder, evmCodec } from "../../../../src/chains/evm/index.ts";
import { encodeExecution } from "../../../../src/chains/evm/safe-execution.ts";
import { executionBytes } from "../../../../src/chains/evm/safe-partial.ts";
import { safeNonceKey, safeNonceOf } from "../../../../src/chains/evm/safe-nonce-key.ts";
import { hashSafeTx, makeSafeTx, type SafeTx } from "../../../../src/chains/evm/safe.ts";
import { accountId } from "../../../../src/core/account.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toBase64, toHex } from "../../../../src/core/hex.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { allAttempts } from "../../../../src/chains/attempts.ts";
import { ANVIL, ETHER, evmCustody } from "../../../factory/evm-account.ts";
import { ownSafe, safeSnapshot } from "../../../factory/evm-safe.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import type { CoinSet, Ground } from "./ground.ts";

const SATOSHI = 10n ** 10n;
const NONCES: Readonly<Record<CoinSet, bigint>> = { a: 7n, b: 8n, c: 9n, d: 10n, e: 11n, f: 12n };
const SAFE = ownSafe();
const DOMAIN = { chainId: 31_337n, address: SAFE.address };

/** What was built, by the Safe's own hash of it. */
const built = new Map<string, SafeTx>();

const addressCalled = (label: string) => addressOf(fixtureBytes(label).subarray(0, 20));
const bytesOf = (tx: SafeTx) =>
  toBase64(
    executionBytes({
      safe: SAFE.address,
      nonce: tx.nonce,
      data: encodeExecution(tx, new Uint8Array(65)),
    }),
  );

export const SAFE_GROUND: Ground = {
  name: "Safe",
  chain: ANVIL,
  asset: ETHER,
  // It pays no fee and has no change.
  idle: ["G5", "G7"],
  rules: evmCustody().policy.body.chains[0] as Policy["chains"][number],
  unitsOf: (satoshi) => (BigInt(satoshi) * SATOSHI).toString(),
  accountOf: (label) => accountId(ANVIL, addressCalled(label)),
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
    const [set] = sets;
    assert(set !== undefined, "a plan takes a nonce");
    // One transaction of the Safe has one nonce, so that the first set alone counts.
    const key = safeNonceKey({ chain: ANVIL, safe: SAFE.address, nonce: NONCES[set] });
    const plan = evmBuilder.build(task ?? { type: "pay", payments }, view, safeSnapshot(), {
      feeRatesMilli: [20_000n],
      caps,
      anchors: [key],
      ...options,
    });
    const decoded = evmCodec.decodePlan(
      { base: plan.base, rungs: [...plan.rungs], ...(plan.cancel && { cancel: plan.cancel }) },
      [],
      view,
    );
    for (const { transaction, tx } of allAttempts(decoded))
      if (tx.kind === "safe") built.set(transaction, tx.transaction);
    return plan;
  },
  greed: {},
  elsewhere(conflictKey, label) {
    const { nonce } = safeNonceOf(conflictKey) ?? { nonce: 0n };
    const to = addressCalled(label);
    const tx = makeSafeTx({ to, value: 1n, data: new Uint8Array(), operation: 0, nonce });
    return { transaction: parseDigest(toHex(hashSafeTx(tx, DOMAIN).digest)), killer: bytesOf(tx) };
  },
  killerOf(transaction) {
    const tx = built.get(transaction);
    return tx && bytesOf(tx);
  },
};
