/** A custody whose wallet is a Safe of two of three: one owner is the fixtures' signer, two are strangers. FOR REGTEST ONLY. */
import * as ecc from "tiny-secp256k1";
import { describeAccount } from "../../src/chains/evm/account-descriptor.ts";
import type { Address } from "../../src/chains/evm/address.ts";
import { evmBuilder } from "../../src/chains/evm/index.ts";
import { writeSafeDescriptor, type SafeDescriptor } from "../../src/chains/evm/safe-descriptor.ts";
import type { EvmSnapshot } from "../../src/chains/evm/snapshot.ts";
import { signatureBytes } from "../../src/chains/evm/signature.ts";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import type { BuildOptions, BuiltPlan } from "../../src/chains/adapter.ts";
import { accountId } from "../../src/core/account.ts";
import { contractAt } from "../../src/core/documents/beneficiary.ts";
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type PlanDocument } from "../../src/core/documents/plan.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { Policy, PolicyWallet } from "../../src/core/policy/policy.ts";
import type { Name } from "../../src/core/identifier.ts";
import { parseSteps } from "../../src/chains/key-path.ts";
import { viewOf, type Custody, type Payout } from "./custody.ts";
import { header } from "./documents.ts";
import { ANVIL, evmSnapshot, ownAccount, ownWallet } from "./evm-account.ts";
import { tokenCustody, USDC } from "./evm-token.ts";
import { fixtureBytes, fixtureDigest, fixtureId } from "./identities.ts";
import { stranger } from "./safe-fixture.ts";

/** An owner whose key is no seed's of ours. */
export type Stranger = { readonly secret: Uint8Array; readonly text: string; readonly address: Address };

export function strangeOwner(label: string): Stranger {
  const secret = fixtureBytes(`strange owner ${label}`);
  const publicKey = ecc.pointFromScalar(secret, true);
  assert(publicKey !== null, "a fixture's key is one");
  const path = parseSteps("44h/1h/0h/0/0") as readonly number[];
  const fingerprint = toHex(fixtureBytes(label).subarray(0, 4));
  const { text, address } = describeAccount({ fingerprint, path, publicKey }, ANVIL);
  return { secret, text, address };
}

export const STRANGERS = [strangeOwner("one"), strangeOwner("two")] as const;

type Pinned = Parameters<typeof writeSafeDescriptor>[0];

export function ownSafe(changes: Partial<Pinned> = {}, owners: readonly string[] = []): SafeDescriptor {
  const pinned = {
    version: "1.4.1" as const,
    address: stranger("the safe"),
    singleton: stranger("singleton"),
    multiSendCallOnly: stranger("multi send"),
    threshold: 2,
    ...changes,
  };
  const all = owners.length > 0 ? owners : [ownAccount(1).text, ...STRANGERS.map(({ text }) => text)];
  return writeSafeDescriptor(pinned, all, ANVIL);
}

export function safeWallet(safe = ownSafe(), changes: Partial<PolicyWallet> = {}): PolicyWallet {
  const { signers } = ownWallet();
  const pinned = { descriptor: safe.text, threshold: safe.threshold, foreign: 1 };
  return ownWallet({ ...pinned, signers: [...signers, "other-signer" as Name], ...changes });
}

/** Ether's and a token's rows beside one Safe. */
export function safeCustody(wallet = safeWallet(), changes: Partial<Policy> = {}): Custody {
  const custody = tokenCustody(USDC, { wallets: [wallet], ...changes });
  return { ...custody, wallet };
}

export function safeSnapshot(changes: Partial<EvmSnapshot> = {}): EvmSnapshot {
  return evmSnapshot({
    account: accountId(ANVIL, ownSafe().address),
    tokens: [{ asset: USDC, balance: "1000000000" }],
    ...changes,
  });
}

type Changes = { readonly snapshot?: Partial<EvmSnapshot>; readonly options?: Partial<BuildOptions> };

export function safeBuilt(custody: Custody, payouts: readonly Payout[], changes: Changes = {}): BuiltPlan {
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const payments = payouts.map(({ intent: { body }, beneficiary }) => ({
    account: beneficiary.body.account,
    amount: { asset: body.asset, units: BigInt(body.units) },
    contract: contractAt(beneficiary),
  }));
  return evmBuilder.build({ type: "pay", payments }, viewOf(custody), safeSnapshot(changes.snapshot), {
    feeRatesMilli: [20_000n],
    caps: feeCapsOf(rules),
    anchors: [],
    ...changes.options,
  });
}

export function safePlan(
  custody: Custody,
  payouts: readonly Payout[],
  changes: Changes & { readonly plan?: Partial<PlanDocument["body"]> } = {},
): PlanDocument {
  const { conflictKeys, base, rungs, cancel } = safeBuilt(custody, payouts, changes);
  return makeDocument(PLAN, {
    ...header("plan"),
    custody: custody.id,
    id: fixtureId(`safe plan of ${payouts.map((one) => one.intent.body.id).join(" ")}`),
    operation: fixtureId("operation"),
    chain: ANVIL,
    wallet: custody.wallet.name,
    intents: payouts.map((one) => one.intent.digest),
    conflictKeys: [...conflictKeys],
    base,
    rungs: [...rungs],
    ...(cancel && { cancel }),
    snapshot: fixtureDigest("snapshot"),
    ...changes.plan,
  });
}

/** What an owner of nobody's answers. */
export function signedByStranger(hash: Uint8Array, { secret }: Stranger): InputSignature {
  const key = ecc.pointFromScalar(secret, true);
  assert(key !== null, "a fixture's key is one");
  return { input: 0, key: toHex(key), signature: toHex(signatureBytes(signRecoverable(hash, secret))) };
}
