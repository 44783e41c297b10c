/** The papers of one payment, each made by whoever makes it in life. The attacker combines them as he likes. */
import { feeCapsOf } from "../../../src/core/policy/fee-caps.ts";
import type { BuildOptions, BuildTask, BuiltPlan, WalletView } from "../../../src/chains/adapter.ts";
import { documentBytes, embed, makeDocument, withSignature } from "../../../src/core/document.ts";
import { APPROVAL, type Approval, type ApprovalDocument } from "../../../src/core/documents/approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../../../src/core/documents/beneficiary.ts";
import { DELEGATION } from "../../../src/core/documents/delegation.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { INTENT, type Intent, type IntentDocument } from "../../../src/core/documents/intent.ts";
import { PLAN, type Plan, type PlanDocument } from "../../../src/core/documents/plan.ts";
import { REQUEST, type Request, type RequestDocument } from "../../../src/core/documents/request.ts";
import { toBase64 } from "../../../src/core/hex.ts";
import type { Instant } from "../../../src/core/instant.ts";
import type { PolicyWallet } from "../../../src/core/policy/policy.ts";
import { signedDocument } from "../../factory/documents.ts";
import { at, fixtureDigest, fixtureId, type Cast } from "../../factory/identities.ts";
import { COIN_SETS, type CoinSet } from "./grounds/ground.ts";
import { ANN, BEN, OTTO, RITA, SESSION, type House } from "./house.ts";

function header(house: House) {
  return { version: 1, network: "regtest", custody: house.custody } as const;
}

const destinations = new Map<string, BeneficiaryDocument>();

/** A destination, signed by two approvers unless told otherwise. The same one is made once: signing takes its time. */
export function destination(
  house: House,
  label: string,
  signers: readonly Cast[] = [ANN, BEN],
): BeneficiaryDocument {
  const key = [house.custody, label, ...signers.map((who) => who.key)].join(" ");
  const document = destinations.get(key) ?? makeDestination(house, label, signers);
  destinations.set(key, document);
  return document;
}

function makeDestination(house: House, label: string, signers: readonly Cast[]): BeneficiaryDocument {
  const document = makeDocument(BENEFICIARY, {
    ...header(house),
    kind: "beneficiary",
    id: fixtureId(`beneficiary ${label}`),
    customer: fixtureId("customer"),
    account: house.ground.accountOf(label),
    accountKind: "account",
    notBefore: at("08:00:00"),
    expires: "2027-01-01T00:00:00Z" as Instant,
  });
  return signedDocument(document, signers, at("08:10:00"));
}

export type Wish = {
  /** Names the family: intents of one label share id and client key. */
  readonly label: string;
  readonly to?: BeneficiaryDocument;
  /** Satoshi; on other grounds as much as these are there. */
  readonly units?: string;
  readonly changes?: Partial<Intent>;
};

/** Customers' withdrawals by digest: the online host keeps each that it has made, and a later generation brings it along. */
const withdrawals = new Map<string, IntentDocument>();

/** A customer's withdrawal. */
export function withdrawal(
  house: House,
  { label, to, units = "20000000", changes = {} }: Wish,
): IntentDocument {
  const document = makeDocument<Intent>(INTENT, {
    ...header(house),
    kind: "intent",
    id: fixtureId(`intent ${label}`),
    operation: fixtureId("operation"),
    type: "withdrawal",
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RITA.name,
    customer: fixtureId("customer"),
    clientKey: fixtureDigest(`client key ${label}`),
    asset: house.ground.asset,
    units: house.ground.unitsOf(units),
    beneficiary: (to ?? destination(house, "customer")).digest,
    feeBearer: "custody",
    expires: at("20:00:00"),
    ...changes,
  } as Intent);
  withdrawals.set(document.digest, document);
  return document;
}

/** An intent about our own coins. */
export function ownIntent(
  house: House,
  label: string,
  what:
    | { readonly type: "consolidate"; readonly units: string }
    | { readonly type: "cancel"; readonly conflictKeys: string[] },
): IntentDocument {
  return makeDocument<Intent>(INTENT, {
    ...header(house),
    kind: "intent",
    id: fixtureId(`intent ${label}`),
    operation: fixtureId("operation"),
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RITA.name,
    asset: house.ground.asset,
    wallet: house.vault.name,
    expires: at("20:00:00"),
    ...(what.type === "cancel" ? { ...what, units: "0" } : what),
  });
}

/** One person's word. */
export function word(
  house: House,
  intent: IntentDocument,
  who: Cast,
  changes: Partial<Approval> = {},
  when: Instant = at("09:00:00"),
): ApprovalDocument {
  const body = {
    ...header(house),
    kind: "approval",
    decision: "approve",
    intent: intent.digest,
    ...(changes.decision === "reject" ? { family: familyOf(intent.body) } : {}),
    policy: house.policy.body.number,
    expires: at("18:00:00"),
    heads: [],
    ...changes,
  } as Approval;
  return signedDocument(makeDocument(APPROVAL, body), [who], when);
}

export type Built = {
  readonly plan: PlanDocument;
  readonly previous: readonly string[];
  readonly built: BuiltPlan;
};

export type PlanChoice = {
  readonly sets: readonly CoinSet[];
  readonly wallet?: PolicyWallet;
  readonly task?: BuildTask;
  readonly options?: Partial<BuildOptions>;
  readonly changes?: Partial<Plan>;
  /** Makes two plans of the same content two documents. */
  readonly label?: string;
};

/** A wallet as builders and codecs see it. */
export function viewOf(house: House, wallet: PolicyWallet = house.vault): WalletView {
  return {
    wallet,
    network: "regtest",
    highestIndex: COIN_SETS.length,
    own: house.policy.body.wallets,
    tokens: [],
  };
}

/** A plan over exactly the coins of `sets`. */
export function planOf(
  house: House,
  pays: readonly { readonly intent: IntentDocument; readonly to?: BeneficiaryDocument }[],
  { sets, wallet = house.vault, task, options = {}, changes = {}, label = "" }: PlanChoice,
): Built {
  const payments = pays.map(({ intent, to }) => ({
    account: (to ?? destination(house, "customer")).body.account,
    amount: { asset: intent.body.asset, units: BigInt(intent.body.units) },
  }));
  const view = viewOf(house, wallet);
  const [rules] = house.policy.body.chains;
  const caps = feeCapsOf(rules as NonNullable<typeof rules>);
  const built = house.ground.build({ view, payments, task, sets, caps, options });
  const plan = makeDocument<Plan>(PLAN, {
    ...header(house),
    kind: "plan",
    id: fixtureId(`plan ${label} ${sets.join("+")} ${pays.map(({ intent }) => intent.digest).join(" ")}`),
    operation: fixtureId("operation"),
    chain: house.ground.chain,
    wallet: wallet.name,
    intents: pays.map(({ intent }) => intent.digest),
    conflictKeys: [...built.conflictKeys],
    base: built.base,
    rungs: [...built.rungs],
    ...(built.cancel === undefined ? {} : { cancel: built.cancel }),
    snapshot: fixtureDigest("snapshot"),
    ...changes,
  });
  return { plan, previous: built.previous.map(toBase64), built };
}

/** Everything that a request may carry. */
export type Papers = {
  readonly plans: readonly Built[];
  readonly intents: readonly IntentDocument[];
  readonly beneficiaries?: readonly BeneficiaryDocument[];
  readonly approvals: readonly ApprovalDocument[];
  readonly label?: string;
  readonly body?: Partial<Request>;
};

/** A request as the online host makes it, signed by the session key that lies there. */
export function requestOf(house: House, papers: Papers): RequestDocument {
  const { plans, intents, approvals, label = "request", body = {} } = papers;
  const delegation = makeDocument(DELEGATION, {
    ...header(house),
    kind: "delegation",
    operator: OTTO.name,
    session: SESSION.key,
    notBefore: at("08:00:00"),
    expires: at("20:00:00"),
  });
  const document = makeDocument<Request>(REQUEST, {
    ...header(house),
    kind: "request",
    id: fixtureId(label),
    operation: fixtureId("operation"),
    policy: house.policy.body.number,
    delegation: embed(signedDocument(delegation, [OTTO], at("08:05:00"))),
    plans: plans.map(({ plan }) => embed(plan)),
    intents: intents.map(embed),
    superseded: supersededBy(intents).map(embed),
    beneficiaries: (papers.beneficiaries ?? [destination(house, "customer")]).map(embed),
    approvals: merged(approvals).map(embed),
    clearances: [],
    dead: [],
    previous: [...new Set(plans.flatMap(({ previous }) => previous))].sort(),
    heads: [],
    audit: { ...house.policy.body.audit, extends: [] },
    ...body,
  });
  return signedDocument(document, [SESSION], at("09:20:00"));
}

function supersededBy(intents: readonly IntentDocument[]): readonly IntentDocument[] {
  const digests = new Set(intents.flatMap(({ body }) => body.supersedes));
  return [...digests].flatMap((digest) => withdrawals.get(digest) ?? []);
}

// Two desks may write the very same words: one document with two signatures.
function merged(approvals: readonly ApprovalDocument[]): readonly ApprovalDocument[] {
  const byDigest = new Map<string, ApprovalDocument>();
  for (const approval of approvals) {
    const earlier = byDigest.get(approval.digest);
    byDigest.set(
      approval.digest,
      earlier === undefined ? approval : approval.signatures.reduce(withSignature, earlier),
    );
  }
  return [...byDigest.values()];
}

export const bytesOf = (request: RequestDocument): Uint8Array => documentBytes(request);
