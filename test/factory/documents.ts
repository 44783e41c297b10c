/** One consistent story in documents: a policy, a beneficiary, an intent and its approvals, each open to changes. */
import type { AccountId } from "../../src/core/account.ts";
import { bitcoinAsset } from "../../src/core/asset.ts";
import { EMPTY_FRONTIER, rootOf } from "../../src/core/audit-tree.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import type { Digest } from "../../src/core/digest.ts";
import { makeDocument, type Document, type DocumentHeader } from "../../src/core/document.ts";
import { APPROVAL, type Approval, type ApprovalDocument } from "../../src/core/documents/approval.ts";
import {
  BENEFICIARY,
  type Beneficiary,
  type BeneficiaryDocument,
} from "../../src/core/documents/beneficiary.ts";
import { DELEGATION, type Delegation, type DelegationDocument } from "../../src/core/documents/delegation.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import { INTENT, type Intent, type IntentDocument, type IntentOf } from "../../src/core/documents/intent.ts";
import { parseCurrency } from "../../src/core/currency.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { OnlineLimit, OnlineRules } from "../../src/core/policy/online/section.ts";
import type { Instant } from "../../src/core/instant.ts";
import { headOf, type SignedJournalEntry } from "../../src/core/journal-entry.ts";
import {
  custodyId,
  policyDocument,
  type Policy,
  type PolicyDocument,
  type PolicyRow,
  type Role,
} from "../../src/core/policy/policy.ts";
import {
  ALICE,
  ANNA,
  BEN,
  OLGA,
  OSCAR,
  RUTH,
  SESSION,
  SIGNER,
  at,
  fixtureDigest,
  fixtureId,
  signedBy,
  type Cast,
} from "./identities.ts";
import { initEntry, journalEntry } from "./journal-entries.ts";

export const REGTEST = BITCOIN_CHAINS.regtest;
export const BTC = bitcoinAsset("regtest");

/** A P2WPKH wallet whose BIP-32 seed is SHA-256 of "regtest fixture vault", account m/84h/1h/0h. */
export const VAULT_DESCRIPTOR =
  "wpkh([535b8d65/84h/1h/0h]tpubDC9s2ZacE83dr9f5UfGbrenhnFgJC6AALHMqALhSLfCNDSD2PzSNbC7BaN6SivVUbhnZHaBfF2idQhPvVabwa4PSY6f4Vu1WEZrMvSENoxs/<0;1>/*)#9ugnap55";

function identity(who: Cast, ...roles: Role[]): Policy["identities"][number] {
  return { name: who.name, person: who.person, key: who.key, alg: "ed25519", roles };
}

/** Every kind that crosses a boundary. */
export const ACCEPTED_KINDS = [
  "approval",
  "beneficiary",
  "clearance",
  "dead",
  "delegation",
  "halt",
  "intent",
  "plan",
  "policy",
  "receipt",
  "request",
  "resume",
  "review",
  "void",
] as const;

/** The root of an audit tree of no rows. */
export const EMPTY_ROOT: Digest = rootOf(EMPTY_FRONTIER);

/** Policy number 1 of the fixtures: one admin, operator, requester and officer, two approvers, one wallet, two bands. */
export function policyBody(changes: Partial<Policy> = {}): Policy {
  return {
    kind: "policy",
    version: 1,
    network: "regtest",
    number: 1,
    issued: at("08:00:00"),
    expires: "2027-11-22T08:00:00Z" as Instant,
    approvalsSince: 1,
    clockToleranceSeconds: 300,
    identities: [
      identity(ALICE, "admin"),
      identity(OSCAR, "operator"),
      identity(RUTH, "requester"),
      identity(ANNA, "approver"),
      identity(BEN, "approver"),
      identity(OLGA, "officer"),
    ],
    signers: [{ name: SIGNER.name, key: SIGNER.key, epoch: 1, startHead: START_HEAD, since: 1 }],
    wallets: [
      {
        name: "vault" as Name,
        chain: REGTEST,
        descriptor: VAULT_DESCRIPTOR,
        threshold: 1,
        signers: [SIGNER.name],
        foreign: 0,
        indexGap: 20,
        exactlyOnce: "signers",
      },
    ],
    chains: [
      {
        chain: REGTEST,
        confirmations: 3,
        fees: { absoluteUnitsMax: "100000", rateMax: 200, sharePermilleMax: 100, ladderRatioMax: 5 },
      },
    ],
    rows: [row("small", "0", "100000000", 1), row("large", "100000000", "1000000000", 2)],
    online: onlineRules(),
    beneficiaries: { lifeSecondsMax: 366 * 86400, delaySeconds: 0 },
    quorums: { admin: 1, beneficiary: 1, resume: 2, build: 0 },
    conflicts: [["requester", "approver", "officer"]],
    audit: { epoch: 1, size: 0, root: EMPTY_ROOT },
    accepts: ACCEPTED_KINDS.map((kind) => ({ kind, versions: [1] })),
    ...changes,
  };
}

export function row(
  name: string,
  aboveUnits: string,
  upToUnits: string,
  quorum: number,
  changes: Partial<PolicyRow> = {},
): PolicyRow {
  return {
    name: name as Name,
    type: "withdrawal",
    asset: BTC,
    aboveUnits,
    upToUnits,
    wallets: ["vault" as Name],
    quorum,
    approvalSecondsMax: 3600,
    delaySeconds: 0,
    clearance: "none",
    limits: { dayUnits: "2000000000", monthUnits: "20000000000" },
    feeBudget: { dayUnits: "1000000", monthUnits: "10000000" },
    ...changes,
  };
}

/** Every tier that a test's customer may have. */
export const TIERS = ["basic", "standard", "retail", "corporate", "full", "vip"] as Name[];

/** One limit for each customer of any tier, so wide that no test meets it by accident. */
export function onlineRules(changes: Partial<OnlineRules> = {}): OnlineRules {
  return {
    currency: parseCurrency("EUR"),
    ratesSecondsMax: 86_400,
    limits: [onlineLimit("each")],
    ...changes,
  };
}

export function onlineLimit(name: string, changes: Partial<OnlineLimit> = {}): OnlineLimit {
  return {
    name: name as Name,
    per: "customer",
    tiers: TIERS,
    window: "day",
    max: { asset: BTC, units: "2100000000000000" },
    ...changes,
  };
}

/** The head with which the policy names the signer's epoch: the one after its first entry. */
export const START_HEAD: Digest = headOf(initEntry().entry);

/** The genesis policy, signed by everyone whom it names. */
export function genesisPolicy(changes: Partial<Policy> = {}): PolicyDocument {
  return signedDocument(
    policyDocument(policyBody(changes)),
    [ALICE, OSCAR, RUTH, ANNA, BEN, OLGA, SIGNER],
    at("08:00:00"),
  );
}

export const CUSTODY: Digest = custodyId(policyDocument(policyBody()));

/** The three fields that every body but the first policy's begins with. */
export function header<const Kind extends string>(kind: Kind) {
  return { kind, version: 1, network: "regtest", custody: CUSTODY } as const;
}

export function beneficiary(
  changes: Partial<Beneficiary> = {},
  signers: readonly Cast[] = [ANNA],
): BeneficiaryDocument {
  const body = {
    ...header("beneficiary"),
    id: fixtureId("beneficiary"),
    customer: fixtureId("customer"),
    account: `${REGTEST}:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080` as AccountId,
    accountKind: "account",
    notBefore: at("08:00:00"),
    expires: "2027-01-01T00:00:00Z" as Instant,
    ...changes,
  } as Beneficiary;
  return signedDocument(makeDocument(BENEFICIARY, body), signers, at("08:10:00"));
}

/** A withdrawal. */
export function intent(changes: Partial<IntentOf<"withdrawal">> = {}): Document<IntentOf<"withdrawal">> {
  const body: IntentOf<"withdrawal"> = {
    ...header("intent"),
    id: fixtureId("intent"),
    operation: fixtureId("operation"),
    type: "withdrawal",
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RUTH.name,
    customer: fixtureId("customer"),
    clientKey: fixtureDigest("client key"),
    asset: BTC,
    units: "25000000",
    beneficiary: beneficiary().digest,
    feeBearer: "custody",
    expires: at("20:00:00"),
    ...changes,
  };
  return makeDocument<Intent>(INTENT, body) as Document<IntentOf<"withdrawal">>;
}

export function approval(
  of: IntentDocument,
  signers: readonly Cast[] = [ANNA],
  changes: Partial<Approval> = {},
  when: Instant = at("09:00:00"),
): ApprovalDocument {
  const body = {
    ...header("approval"),
    decision: "approve",
    intent: of.digest,
    ...(changes.decision === "reject" ? { family: familyOf(of.body) } : {}),
    policy: 1,
    expires: at("18:00:00"),
    heads: [],
    ...changes,
  } as Approval;
  return signedDocument(makeDocument(APPROVAL, body), signers, when);
}

export function delegation(changes: Partial<Delegation> = {}): DelegationDocument {
  const body: Delegation = {
    ...header("delegation"),
    operator: OSCAR.name,
    session: SESSION.key,
    notBefore: at("08:00:00"),
    expires: at("20:00:00"),
    ...changes,
  };
  return signedDocument(makeDocument(DELEGATION, body), [OSCAR], at("08:05:00"));
}

/** The document with a signature by each of `signers`. */
export function signedDocument<Body extends DocumentHeader>(
  document: Document<Body>,
  signers: readonly Cast[],
  when: Instant,
): Document<Body> {
  return { ...document, signatures: signers.map((who) => signedBy(document.digest, who, when)) };
}

/** A journal of three entries: init, pin, receipt. */
export function journal(receipt: Digest = fixtureDigest("receipt")): readonly SignedJournalEntry[] {
  const init = initEntry();
  const pin = journalEntry(1, headOf(init.entry), "pin", genesisPolicy().digest, at("08:00:00"));
  return [init, pin, journalEntry(2, headOf(pin.entry), "receipt", receipt, at("09:00:00"))];
}
