/** A custody whose wallet is a Stellar account of the local network, with the vault's published seed: FOR REGTEST ONLY. */
import { Keypair } from "@stellar/stellar-base";
import { accountId, type AccountId } from "../../src/core/account.ts";
import { addressOfKey } from "../../src/chains/stellar/address.ts";
import { readTransaction, transactionBytes } from "../../src/chains/stellar/envelope.ts";
import type { Transaction } from "../../src/chains/stellar/xdr/transaction.ts";
import { writeStellarDescriptor, type StellarDescriptor } from "../../src/chains/stellar/descriptor.ts";
import { stellarBuilder } from "../../src/chains/stellar/index.ts";
import type { StellarSnapshot } from "../../src/chains/stellar/snapshot.ts";
import { parseSteps } from "../../src/chains/key-path.ts";
import type { BuildOptions, BuildTask, BuiltPlan } from "../../src/chains/adapter.ts";
import { issuedAsset, nativeAsset, type AssetId } from "../../src/core/asset.ts";
import { STELLAR_CHAINS } from "../../src/core/chain.ts";
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type PlanDocument } from "../../src/core/documents/plan.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { publicKeyOf, sign } from "../../src/core/ed25519.ts";
import { fromBase64, fromHex, toBase64, toHex } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { Policy, PolicyWallet } from "../../src/core/policy/policy.ts";
import { makeCustody, openKeys, payout, requestFor, viewOf, type Custody, type Payout } from "./custody.ts";
import { header, policyBody, row } from "./documents.ts";
import { at, fixtureBytes, fixtureDigest, fixtureId } from "./identities.ts";

export const LOCAL = STELLAR_CHAINS.regtest;
export const XLM = nativeAsset(LOCAL);
/** Of lumens and of issued assets, in base units. */
export const ONE = 10_000_000n;

const FINGERPRINT = /\[([0-9a-f]{8})\//.exec(makeCustody().wallet.descriptor)?.[1] as string;
const PATH = parseSteps("44h/1h/0h") as readonly number[];

/** A key that no seed of the fixtures holds. */
export type StrangeKey = { readonly secret: Uint8Array; readonly keypair: Keypair };

export function strangeKey(label: string): StrangeKey {
  const secret = fixtureBytes(`stellar ${label}`);
  return { secret, keypair: Keypair.fromRawEd25519Seed(Buffer.from(secret)) };
}

/** The secret of our own key, for a second implementation to sign with. */
export function ownSecret(): Uint8Array {
  return openKeys().wallets.ed25519Key(FINGERPRINT, PATH) as Uint8Array;
}

export const OTHERS = [strangeKey("one"), strangeKey("two")] as const;

/** The account of two of three keys: one is the fixtures' signer's, two are strangers'. It has no master key. */
export function ownStellar(
  changes: Partial<Pick<StellarDescriptor, "address" | "thresholds">> & {
    readonly weights?: readonly number[];
  } = {},
): StellarDescriptor {
  const { weights = [1, 1, 1], ...rest } = changes;
  const secrets = [ownSecret(), ...OTHERS.map(({ secret }) => secret)];
  const keys = weights.map((weight, place) => {
    const publicKey = fromHex(publicKeyOf(secrets[place] as Uint8Array));
    const fingerprint = place === 0 ? FINGERPRINT : toHex(publicKey.subarray(0, 4));
    return { fingerprint, path: PATH, publicKey, address: addressOfKey(publicKey), weight };
  });
  const address = addressOfKey(fromHex(publicKeyOf(fixtureBytes("stellar vault"))));
  return writeStellarDescriptor(
    { address, thresholds: { low: 1, medium: 2, high: 3 }, keys, ...rest },
    LOCAL,
  );
}

export function stellarWallet(account = ownStellar(), changes: Partial<PolicyWallet> = {}): PolicyWallet {
  const [vault] = policyBody().wallets as [PolicyWallet];
  return {
    ...vault,
    chain: LOCAL,
    descriptor: account.text,
    threshold: 2,
    signers: [...vault.signers, "other-signer" as Name],
    foreign: 1,
    ...changes,
  };
}

/** What the account of a stranger has issued. */
export const ISTSI = issuedAsset(LOCAL, "iSTSi", strangeKey("issuer").keypair.publicKey());

export function stellarCustody(wallet = stellarWallet(), changes: Partial<Policy> = {}): Custody {
  const [first] = policyBody().chains as [Policy["chains"][number]];
  const fees = { absoluteUnitsMax: "1000000", rateMax: 10_000, sharePermilleMax: 100, ladderRatioMax: 10 };
  const limits = { dayUnits: (10_000n * ONE).toString(), monthUnits: (10_000n * ONE).toString() };
  const rowOf = (name: string, asset: AssetId) => ({
    ...row(name, "0", (1000n * ONE).toString(), 1, { asset }),
    limits,
    feeBudget: limits,
  });
  const custody = makeCustody({
    wallets: [wallet],
    chains: [{ ...first, chain: LOCAL, confirmations: 1, lifeSecondsMax: 86_400, fees }],
    tokens: [ISTSI],
    rows: [rowOf("lumens", XLM), rowOf("wrapped", ISTSI)],
    ...changes,
  });
  return { ...custody, wallet: custody.policy.body.wallets[0] as PolicyWallet };
}

export function stranger(label = "payee"): AccountId {
  return accountId(LOCAL, strangeKey(label).keypair.publicKey());
}

export function stellarPayout(
  custody: Custody,
  changes: NonNullable<Parameters<typeof payout>[1]> & {
    readonly to?: AccountId;
    readonly asset?: AssetId;
  } = {},
): Payout {
  const { to = stranger(), asset = XLM, ...rest } = changes;
  return payout(custody, {
    units: (25n * ONE).toString(),
    ...rest,
    intent: { asset, ...rest.intent },
    beneficiary: { account: to, ...rest.beneficiary },
  });
}

export function stellarSnapshot(changes: Partial<StellarSnapshot> = {}): StellarSnapshot {
  return {
    tip: { height: 100, hash: fixtureDigest("ledger"), time: at("09:00:00") },
    taken: at("09:00:00"),
    account: accountId(LOCAL, ownStellar().address),
    sequence: "42",
    balance: (5000n * ONE).toString(),
    tokens: [{ asset: ISTSI, balance: (5000n * ONE).toString() }],
    until: at("21:00:00"),
    feeRateMilli: "100000",
    feeSource: "fixture",
    leastUnits: ONE.toString(),
    ...changes,
  };
}

type Changes = { readonly snapshot?: Partial<StellarSnapshot>; readonly options?: Partial<BuildOptions> };

export function stellarBuilt(custody: Custody, task: BuildTask, changes: Changes = {}): BuiltPlan {
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const snapshot = stellarSnapshot(changes.snapshot);
  return stellarBuilder.build(task, viewOf(custody), snapshot, {
    feeRatesMilli: [BigInt(snapshot.feeRateMilli)],
    caps: feeCapsOf(rules),
    anchors: [],
    ...changes.options,
  });
}

export function stellarPlan(
  custody: Custody,
  payouts: readonly Payout[],
  changes: Changes & { readonly plan?: Partial<PlanDocument["body"]> } = {},
): PlanDocument {
  const payments = payouts.map(({ intent: { body }, beneficiary }) => ({
    account: beneficiary.body.account,
    memo: beneficiary.body.memo,
    amount: { asset: body.asset, units: BigInt(body.units) },
  }));
  const { conflictKeys, base, rungs, cancel } = stellarBuilt(custody, { type: "pay", payments }, changes);
  return makeDocument(PLAN, {
    ...header("plan"),
    custody: custody.id,
    id: fixtureId(`stellar plan of ${payouts.map((one) => one.intent.body.id).join(" ")}`),
    operation: fixtureId("operation"),
    chain: LOCAL,
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

export function stellarRequest(
  custody: Custody,
  payouts: readonly Payout[],
  plans: readonly PlanDocument[],
): RequestDocument {
  return requestFor(custody, payouts, plans, { previous: [] });
}

/** What a key of nobody's answers. */
export function signedByStranger(hash: Uint8Array, { secret }: StrangeKey): InputSignature {
  return { input: 0, key: publicKeyOf(secret), signature: toHex(sign(hash, secret)) };
}

/** The plan with its transaction changed, and all that the plan says of it made to fit. */
export function withStellarTransaction(
  plan: PlanDocument,
  change: (transaction: Transaction) => Transaction,
): PlanDocument {
  const transaction = change(readTransaction(fromBase64(plan.body.base), "base"));
  return makeDocument(PLAN, {
    ...plan.body,
    base: toBase64(transactionBytes(transaction)),
    rungs: [{ feeUnits: String(transaction.fee) }],
    cancel: { feeUnits: String(transaction.fee + 1n), changeIndex: 0 },
    conflictKeys: [`${LOCAL}:sequence:${ownStellar().address}:${transaction.sequence}`],
  });
}
