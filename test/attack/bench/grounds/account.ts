/** Nonces of an externally owned account, whose one key the first signer holds. */
import { describeAccount, type AccountDescriptor } from "../../../../src/chains/evm/account-descriptor.ts";
import { evmBuilder, evmCodec } from "../../../../src/chains/evm/index.ts";
import { nonceKey, nonceOf } from "../../../../src/chains/evm/nonce-key.ts";
import {
  encodeSigned,
  signingHash,
  transactionHash,
  type EvmTransaction,
} from "../../../../src/chains/evm/transaction.ts";
import { allAttempts } from "../../../../src/chains/attempts.ts";
import { accountId } from "../../../../src/core/account.ts";
import { coinFacts } from "../../../../src/core/asset.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toBase64, toHex } from "../../../../src/core/hex.ts";
import { signRecoverable } from "../../../../signer/sign/evm-ecdsa.ts";
import { ANVIL, evmSnapshot } from "../../../factory/evm-account.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { SIGNERS, type SignerKeys } from "../house.ts";
import { accountRewrites } from "./account-rewrites.ts";
import { addressCalled, nonceOfSets, ON_ANVIL } from "./ether.ts";
import type { Ground, Taker } from "./ground.ts";

const GWEI = 10n ** 9n;
const [HOLDER] = SIGNERS;

/** What was signed, by the name that its attempts have: what is signed of them, and what nodes do not know them by. */
const signed = new Map<string, EvmTransaction>();

const accountOfSigner = ({ account }: SignerKeys): AccountDescriptor => describeAccount(account, ANVIL);
const VAULT_ADDRESS = accountOfSigner(HOLDER).address;

const keyOf = (nonce: bigint) => nonceKey({ chain: ANVIL, address: VAULT_ADDRESS, nonce });

/** The transaction under the vault's key. */
function sent(transaction: EvmTransaction): Taker {
  const { fingerprint, path } = HOLDER.account;
  const secret = HOLDER.ring.privateKey(fingerprint, path);
  assert(secret !== undefined, "the first signer holds the vault");
  const bytes = encodeSigned(transaction, signRecoverable(signingHash(transaction), secret));
  return { spentBy: parseDigest(toHex(transactionHash(bytes))), killer: toBase64(bytes) };
}

/** One of the three types that the account may have signed elsewhere; the label says which. */
function strange(label: string, nonce: bigint): EvmTransaction {
  const common = {
    chainId: 31_337n,
    nonce,
    gasLimit: 21_000n,
    to: addressCalled(label),
    value: 1n,
    data: new Uint8Array(),
  };
  const type = ((fixtureBytes(label)[0] ?? 0) % 3) as EvmTransaction["type"];
  if (type === 0) return { ...common, type, gasPrice: GWEI };
  if (type === 1) return { ...common, type, gasPrice: GWEI, accessList: [] };
  return { ...common, type, maxPriorityFeePerGas: GWEI, maxFeePerGas: GWEI, accessList: [] };
}

/** The cap by gas is reached long before a payment's fee is above the one in ether, or a day's fees above their budget. */
const rules: Ground["rules"] = { ...ON_ANVIL.rules, fees: { ...ON_ANVIL.rules.fees, rateMax: 300 } };

export const ACCOUNT: Ground = {
  ...ON_ANVIL,
  name: "account",
  rules,
  idle: [],
  // An attempt has a name, and the id that people find it by is another.
  events: ["buried by mistake"],
  quorum: { threshold: 1, holders: 1 },
  paymentsMax: 1,
  walletOf(name, threshold, signers) {
    const [holder] = signers;
    assert(holder !== undefined, "somebody holds the account's key");
    return {
      name,
      chain: ANVIL,
      descriptor: accountOfSigner(holder).text,
      threshold,
      signers: signers.map(({ who }) => who.name),
      foreign: 0,
      indexGap: 1,
      exactlyOnce: "signers",
    };
  },
  build({ view, payments, task, sets, caps, options }) {
    const snapshot = evmSnapshot({ account: accountId(ANVIL, VAULT_ADDRESS) });
    return evmBuilder.build(task ?? { type: "pay", payments }, view, snapshot, {
      feeRatesMilli: [20_000n, 30_000n, 45_000n],
      caps,
      anchors: [keyOf(nonceOfSets(sets))],
      ...options,
    });
  },
  rewrites: (plan) => accountRewrites(plan, VAULT_ADDRESS),
  // The dearer rung and the cancel rung are above the cap by gas, and within every other one.
  greed: {
    caps: {
      ...rules.fees,
      rateUnit: coinFacts(ANVIL).rateUnit,
      rateMax: 10_000,
    },
    feeRatesMilli: [40_000n, 340_000n],
  },
  elsewhere(conflictKey, label) {
    const held = nonceOf(conflictKey);
    return sent(strange(label, held?.nonce ?? 0n));
  },
  learn(plan, view) {
    for (const { transaction, tx } of allAttempts(evmCodec.decodePlan(plan, [], view)))
      if (tx.kind === "account") signed.set(transaction, tx.transaction);
  },
  takerOf(transaction) {
    const found = signed.get(transaction);
    assert(found !== undefined, "what settles was signed here");
    return sent(found);
  },
};
