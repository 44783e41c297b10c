/** A custody whose wallet is an account on the local EVM chain, with the vault's published seed: FOR REGTEST ONLY. */
import * as ecc from "tiny-secp256k1";
import { describeAccount, type AccountDescriptor } from "../../src/chains/evm/account-descriptor.ts";
import { addressOf } from "../../src/chains/evm/address.ts";
import { evmBuilder } from "../../src/chains/evm/index.ts";
import type { EvmSnapshot } from "../../src/chains/evm/snapshot.ts";
import { parseSteps } from "../../src/chains/key-path.ts";
import type { BuildOptions, BuildTask, BuiltPlan } from "../../src/chains/adapter.ts";
import { accountId, type AccountId } from "../../src/core/account.ts";
import { nativeAsset } from "../../src/core/asset.ts";
import type { ChainId } from "../../src/core/chain.ts";
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { Policy, PolicyWallet } from "../../src/core/policy/policy.ts";
import { makeDocument } from "../../src/core/document.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { PLAN, type PlanDocument } from "../../src/core/documents/plan.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import { makeCustody, openKeys, payout, requestFor, viewOf, type Custody, type Payout } from "./custody.ts";
import { header, policyBody, row } from "./documents.ts";
import { at, fixtureBytes, fixtureDigest, fixtureId } from "./identities.ts";

export const ANVIL = "eip155:31337" as ChainId;
export const ETHER = nativeAsset(ANVIL);
const ONE = 10n ** 18n;

const FINGERPRINT = /\[([0-9a-f]{8})\//.exec(makeCustody().wallet.descriptor)?.[1] as string;

/** The account at `m/44h/1h/0h/0/<index>` of the fixtures' seed. */
export function ownAccount(index = 0): AccountDescriptor {
  const path = parseSteps(`44h/1h/0h/0/${index}`) as readonly number[];
  const secret = openKeys().wallets.privateKey(FINGERPRINT, path) as Uint8Array;
  const publicKey = ecc.pointFromScalar(secret, true) as Uint8Array;
  return describeAccount({ fingerprint: FINGERPRINT, path, publicKey }, ANVIL);
}

export function ownWallet(changes: Partial<PolicyWallet> = {}, index = 0): PolicyWallet {
  const [vault] = policyBody().wallets as [PolicyWallet];
  return { ...vault, chain: ANVIL, descriptor: ownAccount(index).text, ...changes };
}

/** Ether's rows and rules beside one account. */
export function evmCustody(changes: Partial<Policy> = {}): Custody {
  const wallet = ownWallet();
  const [first] = policyBody().chains as [Policy["chains"][number]];
  const fees = {
    absoluteUnitsMax: (ONE / 50n).toString(),
    rateMax: 500,
    sharePermilleMax: 100,
    ladderRatioMax: 10,
  };
  const limits = { dayUnits: (1000n * ONE).toString(), monthUnits: (1000n * ONE).toString() };
  const ether = {
    ...row("ether", "0", (100n * ONE).toString(), 1, { asset: ETHER }),
    limits,
    feeBudget: limits,
  };
  const custody = makeCustody({
    wallets: [wallet],
    chains: [{ ...first, chain: ANVIL, confirmations: 3, fees }],
    rows: [ether],
    ...changes,
  });
  return { ...custody, wallet: custody.policy.body.wallets[0] as PolicyWallet };
}

/** A stranger's account. */
export function stranger(label = "stranger"): AccountId {
  return accountId(ANVIL, addressOf(fixtureBytes(label).subarray(0, 20)));
}

export function evmPayout(
  custody: Custody,
  changes: NonNullable<Parameters<typeof payout>[1]> & { readonly to?: AccountId } = {},
): Payout {
  const { to = stranger(), ...rest } = changes;
  return payout(custody, {
    units: ONE.toString(),
    ...rest,
    intent: { asset: ETHER, ...rest.intent },
    beneficiary: { account: to, ...rest.beneficiary },
  });
}

export function evmSnapshot(changes: Partial<EvmSnapshot> = {}): EvmSnapshot {
  return {
    tip: { height: 1, hash: fixtureDigest("tip"), time: at("09:00:00") },
    taken: at("09:00:00"),
    account: accountId(ANVIL, ownAccount().address),
    nonce: "7",
    balance: (50n * ONE).toString(),
    baseFees: true,
    tipWei: "1000000000",
    feeRateMilli: "20000",
    feeSource: "fixture",
    gas: [],
    ...changes,
  };
}

type Changes = { readonly snapshot?: Partial<EvmSnapshot>; readonly options?: Partial<BuildOptions> };

export function evmBuilt(custody: Custody, task: BuildTask, changes: Changes = {}): BuiltPlan {
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const snapshot = evmSnapshot(changes.snapshot);
  return evmBuilder.build(task, viewOf(custody), snapshot, {
    feeRatesMilli: [BigInt(snapshot.feeRateMilli), 30_000n, 45_000n],
    caps: feeCapsOf(rules),
    anchors: [],
    ...changes.options,
  });
}

/** A plan for one payout, as our builder makes it. */
export function evmPlan(
  custody: Custody,
  payouts: readonly Payout[],
  changes: Changes & { readonly plan?: Partial<PlanDocument["body"]> } = {},
): PlanDocument {
  const payments = payouts.map(({ intent: { body }, beneficiary }) => ({
    account: beneficiary.body.account,
    amount: { asset: body.asset, units: BigInt(body.units) },
  }));
  const { conflictKeys, base, rungs, cancel } = evmBuilt(custody, { type: "pay", payments }, changes);
  return makeDocument(PLAN, {
    ...header("plan"),
    custody: custody.id,
    id: fixtureId(`plan of ${payouts.map((one) => one.intent.body.id).join(" ")}`),
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

export function evmRequest(
  custody: Custody,
  payouts: readonly Payout[],
  plans: readonly PlanDocument[],
): RequestDocument {
  return requestFor(custody, payouts, plans, { previous: [] });
}

/** A plan that `built` is, for one intent of our own. */
export function evmOwnPlan(
  custody: Custody,
  intent: IntentDocument,
  { conflictKeys, base, rungs, cancel }: Pick<BuiltPlan, "conflictKeys" | "base" | "rungs" | "cancel">,
  label: string,
): PlanDocument {
  return makeDocument(PLAN, {
    ...header("plan"),
    custody: custody.id,
    id: fixtureId(label),
    operation: fixtureId("operation"),
    chain: ANVIL,
    wallet: custody.wallet.name,
    intents: [intent.digest],
    conflictKeys: [...conflictKeys],
    base,
    rungs: [...rungs],
    ...(cancel && { cancel }),
    snapshot: fixtureDigest("snapshot"),
  });
}
