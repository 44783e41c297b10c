/**
 * A whole custody for tests: policy, wallet, signer state, and requests with real PSBTs over synthetic coins. Every
 * part takes changes, so that one thing at a time can be wrong. Seeds are published: FOR REGTEST ONLY.
 */
import { tokensOn } from "../../src/core/policy/entries.ts";
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { BuildOptions, BuiltPlan, WalletView } from "../../src/chains/adapter.ts";
import { addressOfScript, bitcoinBuilder } from "../../src/chains/bitcoin/index.ts";
import { parseDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { scriptOf } from "../../src/chains/bitcoin/script.ts";
import type { BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import type { AccountId } from "../../src/core/account.ts";
import type { Digest } from "../../src/core/digest.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import type { Approval, ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { Beneficiary, BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { DelegationDocument } from "../../src/core/documents/delegation.ts";
import type { IntentDocument, IntentOf } from "../../src/core/documents/intent.ts";
import { PLAN, type Plan, type PlanDocument } from "../../src/core/documents/plan.ts";
import { REQUEST, type Request, type RequestDocument } from "../../src/core/documents/request.ts";
import { toBase64, utf8 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import {
  custodyId,
  type Policy,
  type PolicyDocument,
  type PolicyWallet,
} from "../../src/core/policy/policy.ts";
import type { SignerState } from "../../signer/gates/state.ts";
import { EMPTY_JOURNAL, makeLine, withLine, type Journal } from "../../signer/journal/journal.ts";
import { openKeyRing } from "../../signer/keystore/key-ring.ts";
import { publicFacts, sealSeed, type SeedFile } from "../../signer/keystore/seed-file.ts";
import type { OpenKeys } from "../../signer/gates/g12-sign.ts";
import { snapshotOf, type TestCoin, type TestWallet } from "../bitcoin/regtest-wallet.ts";
import {
  approval,
  beneficiary,
  BTC,
  delegation,
  genesisPolicy,
  intent,
  journal as fixtureJournal,
  policyBody,
  REGTEST,
  signedDocument,
  START_HEAD,
} from "./documents.ts";
import {
  ANNA,
  at,
  fixtureBytes,
  fixtureDigest,
  fixtureId,
  OLGA,
  SESSION,
  SIGNER,
  type Cast,
} from "./identities.ts";

/** The entropy of the fixtures' signer seed. */
export const VAULT_ENTROPY = fixtureBytes("vault entropy");
export const VAULT_PASSPHRASE = "regtest fixture passphrase";
export const NOW = at("09:30:00");

/** Two addresses of strangers. */
export const PAYEE = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
export const OTHER_PAYEE = addressOfScript(
  scriptOf("p2wpkh", fixtureBytes("other payee").subarray(0, 20)),
  "regtest",
)?.address as string;

export type Custody = {
  readonly policy: PolicyDocument;
  readonly id: Digest;
  readonly wallet: PolicyWallet;
  readonly journal: Journal;
};

/** A custody whose vault is the signer's, under a pinned policy with `changes`. */
export function makeCustody(changes: Partial<Policy> = {}): Custody {
  const [vault] = policyBody().wallets;
  const wallet = { ...(vault as PolicyWallet), descriptor: publicFacts(VAULT_ENTROPY, "regtest").descriptor };
  const policy = genesisPolicy({ wallets: [wallet], ...changes });
  const [init] = fixtureJournal();
  const born = withLine(EMPTY_JOURNAL, init as NonNullable<typeof init>);
  const pin = makeLine(born, "pin", policy.digest, policy.body.issued, SIGNER.seed);
  return { policy, id: custodyId(policy), wallet, journal: withLine(born, pin) };
}

/** What the signer's gates are given. The officer is Olga unless told otherwise. */
export function stateFor(custody: Custody, changes: Partial<SignerState> = {}): SignerState {
  return {
    network: "regtest",
    custody: custody.id,
    policy: custody.policy,
    self: { name: SIGNER.name, key: SIGNER.key, epoch: 1, startHead: START_HEAD },
    journal: custody.journal,
    clock: NOW,
    officer: OLGA.key,
    ...changes,
  };
}

export function vaultSeed(): SeedFile {
  const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes("nonce").subarray(0, 12) };
  return sealSeed("vault" as Name, VAULT_ENTROPY, "regtest", utf8(VAULT_PASSPHRASE), random);
}

/** The signer's keys, opened. */
export function openKeys(): OpenKeys {
  return {
    wallets: openKeyRing([vaultSeed()], utf8(VAULT_PASSPHRASE)),
    signer: Uint8Array.from(SIGNER.seed),
    officer: Uint8Array.from(OLGA.seed),
  };
}

export type Payout = {
  readonly intent: IntentDocument;
  /** Its earlier generations, as a request carries them. */
  readonly superseded?: readonly IntentDocument[];
  readonly beneficiary: BeneficiaryDocument;
  readonly approvals: readonly ApprovalDocument[];
};

/** One approved withdrawal. Documents of one `label` are one family. */
export function payout(
  custody: Custody,
  changes: {
    readonly label?: string;
    readonly units?: string;
    readonly address?: string;
    readonly intent?: Partial<IntentOf<"withdrawal">>;
    /** Earlier generations, the one before first. */
    readonly supersedes?: readonly IntentDocument[];
    readonly beneficiary?: Partial<Beneficiary>;
    readonly beneficiarySigners?: readonly Cast[];
    readonly approval?: Partial<Approval>;
    readonly approvers?: readonly Cast[];
    readonly approvedAt?: Instant;
  } = {},
): Payout {
  const label = changes.label ?? "order 77";
  const superseded = changes.supersedes ?? [];
  const account = `${REGTEST}:${changes.address ?? PAYEE}` as AccountId;
  const destination = beneficiary(
    { custody: custody.id, id: fixtureId(`beneficiary ${label}`), account, ...changes.beneficiary },
    changes.beneficiarySigners,
  );
  const wish = intent({
    custody: custody.id,
    id: fixtureId(`intent ${label}`),
    clientKey: fixtureDigest(`client key ${label}`),
    units: changes.units ?? "25000000",
    beneficiary: destination.digest,
    generation: superseded.length + 1,
    supersedes: superseded.map(({ digest }) => digest),
    ...changes.intent,
  });
  const word = approval(
    wish,
    changes.approvers ?? [ANNA],
    { custody: custody.id, ...changes.approval },
    changes.approvedAt,
  );
  return { intent: wish, superseded, beneficiary: destination, approvals: [word] };
}

/** Coins of the vault that a plan is built from: each has a parent transaction of its own. */
export function vaultSnapshot(
  { wallet }: Custody,
  coins: readonly TestCoin[],
  changes: Partial<BitcoinSnapshot> = {},
): BitcoinSnapshot {
  const descriptor = parseDescriptor(wallet.descriptor, "regtest");
  return snapshotOf({ network: "regtest", descriptor } as TestWallet, coins, changes);
}

export const COINS: readonly TestCoin[] = [{ units: 60_000_000n, index: 1 }];

/** What the builder gives for a plan that pays `payouts`. */
export function builtFor(
  custody: Custody,
  payouts: readonly Payout[],
  changes: {
    readonly coins?: readonly TestCoin[];
    readonly snapshot?: Partial<BitcoinSnapshot>;
    readonly options?: Partial<BuildOptions>;
  } = {},
): BuiltPlan {
  const snapshot = vaultSnapshot(custody, changes.coins ?? COINS, changes.snapshot);
  const payments = payouts.map(({ intent: { body }, beneficiary: destination }) => ({
    account: destination.body.account,
    amount: { asset: BTC, units: BigInt(body.units) },
  }));
  const [rules] = custody.policy.body.chains;
  return bitcoinBuilder.build({ type: "pay", payments }, viewOf(custody), snapshot, {
    feeRatesMilli: [BigInt(snapshot.feeRateMilli)],
    caps: feeCapsOf(rules as NonNullable<typeof rules>),
    anchors: [],
    ...changes.options,
  });
}

/** The vault as the online host sees it. */
export function viewOf(custody: Custody): WalletView {
  const { wallet, policy } = custody;
  const { wallets } = policy.body;
  const tokens = tokensOn(policy.body, wallet.chain);
  return { wallet, network: "regtest", highestIndex: 1, own: wallets, tokens };
}

/** What the plans of a request spend, as the request carries it: sorted, each once. */
export function previousOf(built: readonly BuiltPlan[]): string[] {
  return [...new Set(built.flatMap(({ previous }) => previous.map(toBase64)))].sort();
}

/** A plan that pays `payouts`, built by our own builder. */
export function planFor(
  custody: Custody,
  payouts: readonly Payout[],
  changes: {
    readonly coins?: readonly TestCoin[];
    readonly snapshot?: Partial<BitcoinSnapshot>;
    readonly options?: Partial<BuildOptions>;
    readonly plan?: Partial<Plan>;
  } = {},
): PlanDocument {
  const built = builtFor(custody, payouts, changes);
  return makeDocument(PLAN, {
    kind: "plan",
    version: 1,
    network: "regtest",
    custody: custody.id,
    id: fixtureId(`plan of ${payouts.map((one) => one.intent.body.id).join(" ")}`),
    operation: fixtureId("operation"),
    chain: REGTEST,
    wallet: custody.wallet.name,
    intents: payouts.map((one) => one.intent.digest),
    conflictKeys: [...built.conflictKeys],
    base: built.base,
    rungs: [...built.rungs],
    ...(built.cancel === undefined ? {} : { cancel: built.cancel }),
    snapshot: fixtureDigest("snapshot"),
    ...changes.plan,
  });
}

/** A request for `plans`, signed by the operator's session. */
export function requestFor(
  custody: Custody,
  payouts: readonly Payout[],
  plans: readonly PlanDocument[],
  changes: {
    readonly label?: string;
    readonly body?: Partial<Request>;
    readonly delegation?: DelegationDocument;
    /** What the plans spend, when they were not built from the factory's own coins. */
    readonly previous?: string[];
    readonly signers?: readonly Cast[];
    readonly at?: Instant;
  } = {},
): RequestDocument {
  const body: Request = {
    kind: "request",
    version: 1,
    network: "regtest",
    custody: custody.id,
    id: fixtureId(changes.label ?? "request"),
    operation: fixtureId("operation"),
    policy: custody.policy.body.number,
    delegation: embed(changes.delegation ?? delegation({ custody: custody.id })),
    plans: plans.map(embed),
    intents: payouts.map((one) => embed(one.intent)),
    superseded: payouts.flatMap(({ superseded = [] }) => superseded.map(embed)),
    beneficiaries: payouts.map((one) => embed(one.beneficiary)),
    approvals: payouts.flatMap((one) => one.approvals.map(embed)),
    clearances: [],
    dead: [],
    previous: changes.previous ?? previousOf([builtFor(custody, payouts)]),
    heads: [],
    audit: { ...custody.policy.body.audit, extends: [] },
    ...changes.body,
  };
  return signedDocument(
    makeDocument(REQUEST, body),
    changes.signers ?? [SESSION],
    changes.at ?? at("09:20:00"),
  );
}

/** The plainest good request: one withdrawal of 0.25, one coin of 0.6, change. */
export function goodRequest(
  custody: Custody,
  changes: Parameters<typeof requestFor>[3] = {},
): RequestDocument {
  const payouts = [payout(custody)];
  return requestFor(custody, payouts, [planFor(custody, payouts)], changes);
}
