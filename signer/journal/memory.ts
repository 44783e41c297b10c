/** What the gates ask the journal: pure reading of verified lines, each list made once for a whole request. */
import { allAttempts, type Rung } from "../../src/chains/attempts.ts";
import type { Digest } from "../../src/core/digest.ts";
import { familyKeys, type Family, type SettledIntent } from "../../src/core/documents/family.ts";
import type { HaltDocument } from "../../src/core/documents/halt.ts";
import type { ReceiptDocument, SignedPlan } from "../../src/core/documents/receipt.ts";
import type { AuditPlace } from "../../src/core/documents/request.ts";
import type { Review } from "../../src/core/documents/review.ts";
import type { VoidDocument } from "../../src/core/documents/void.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { SignedJournalEntry } from "../../src/core/journal-entry.ts";
import { haltsInForce } from "../../src/core/policy/halts.ts";
import { allLines, type Journal, type JournalDocument, type JournalLine } from "./journal.ts";

/** A plan as this signer has signed it, whatever rungs each receipt holds. */
export type RememberedPlan = {
  readonly plan: Digest;
  readonly conflictKeys: readonly string[];
  /** Ids of the attempts that carry a signature of ours, by their place. */
  readonly transactions: ReadonlyMap<Rung, Digest>;
  /** Who led it out, by person: the operators of all requests in which this signer has signed it. */
  readonly operators: ReadonlySet<string>;
};

/** One promise within a plan that this signer has signed. */
export type EarlierAttempt = { readonly of: RememberedPlan; readonly intent: SettledIntent };

/** What counts against a row's limits and fee budget, in base units, at the journal time of its entry. */
export type RememberedPayment = {
  readonly family: Family;
  readonly row: Name;
  readonly units: bigint;
  /** Of the whole plan, on its first intent. */
  readonly feeUnits: bigint;
  readonly at: Instant;
};

/** The highest indexes that this signer has signed for, -1 for none. */
export type KnownIndexes = {
  /** Of change (law 10). */
  readonly change: number;
  /** On either branch: change, coins spent, and transfers received. */
  readonly any: number;
};

export type Memory = {
  /** Heads of this epoch, the one now included. */
  readonly heads: ReadonlySet<Digest>;
  /** Everything signed, by each name that its family is known under. */
  readonly attempts: ReadonlyMap<string, readonly EarlierAttempt[]>;
  readonly voids: readonly VoidDocument[];
  /** Names of the families that this signer has closed. */
  readonly voided: ReadonlySet<string>;
  /** What somebody has said no to, for ever (law 13): digests of intents, and every name of their families. */
  readonly noes: ReadonlySet<string>;
  /** Halts that were brought here and not ended. */
  readonly halts: readonly HaltDocument[];
  readonly payments: readonly RememberedPayment[];
  readonly indexes: ReadonlyMap<Name, KnownIndexes>;
  /** The place of the audit tree that was countersigned last. */
  readonly audit: AuditPlace | undefined;
};

/** Reads the whole journal, former epochs included, once. */
export function remember(journal: Journal): Memory {
  const lines = allLines(journal);
  const signed = lines.flatMap(signedOf);
  const plans = signed.flatMap(({ plans: each, at, review }) =>
    each.map((plan) => ({ plan, at, operator: review.operator.person })),
  );
  const documents = lines.flatMap(({ document }) => (document === undefined ? [] : [document]));
  const voids = documents.filter((document) => isOf("void", document));
  return {
    heads: new Set([...journal.lines.slice(1).map(({ entry }) => entry.previous), journal.head]),
    attempts: attemptsByFamily(plans),
    voids,
    voided: new Set(voids.flatMap(({ body }) => familyKeys(body.family))),
    noes: new Set(
      documents
        .filter((document) => isOf("approval", document))
        .flatMap(({ body }) => (body.decision === "reject" ? [body.intent, ...familyKeys(body.family)] : [])),
    ),
    halts: haltsInForce(
      documents.filter((document) => isOf("halt", document)),
      documents.filter((document) => isOf("resume", document)),
    ),
    payments: plans.flatMap(({ plan, at }) => paymentsOf(plan, at)),
    indexes: knownIndexes(signed.map(({ review }) => review)),
    audit: signed.at(-1)?.audit,
  };
}

/** The receipt with which this signer signed `request` before, so that it gives the same bytes again (law 6). */
export function signedReceiptOf(journal: Journal, request: Digest): ReceiptDocument | undefined {
  return journal.lines.find(
    ({ receipt }) => receipt?.body.request === request && receipt.body.outcome.type === "signed",
  )?.receipt;
}

/** Digest of the policy that was pinned last. */
export function pinnedPolicyOf(journal: Journal): Digest | undefined {
  return journal.lines.findLast(({ entry }) => entry.event === "pin")?.entry.subject;
}

/** Whether `head` is the journal's head now or was one before, in this epoch. */
export function hasHead(journal: Journal, head: Digest): boolean {
  return journal.head === head || journal.lines.some(({ entry }, i) => i > 0 && entry.previous === head);
}

/** Entries after `head`, which must be the journal's own; all of them without one. */
export function entriesAfter(journal: Journal, head: Digest | undefined): readonly SignedJournalEntry[] {
  const first = head === undefined ? 0 : journal.lines.findIndex(({ entry }) => entry.previous === head);
  const lines = first < 0 ? [] : journal.lines.slice(first);
  return lines.map(({ entry, signature }) => ({ entry, signature }));
}

/** Ids of a plan's attempts that carry a signature of ours, in the plan's order, the cancel rung's last. */
export function transactionsOf({ transactions }: RememberedPlan): readonly Digest[] {
  const rungs = [...transactions].filter(([rung]) => rung !== "cancel");
  const sorted = rungs.sort(([a], [b]) => Number(a) - Number(b)).map(([, transaction]) => transaction);
  return allAttempts({ rungs: sorted, cancel: transactions.get("cancel") });
}

type Signed = {
  readonly plans: readonly SignedPlan[];
  readonly review: Review;
  readonly audit: AuditPlace;
  readonly at: Instant;
};

function signedOf({ entry, receipt }: JournalLine): readonly Signed[] {
  const outcome = receipt?.body.outcome;
  return outcome?.type === "signed" ? [{ ...outcome, at: entry.at }] : [];
}

function isOf<Kind extends JournalDocument["body"]["kind"]>(
  kind: Kind,
  document: JournalDocument,
): document is Extract<JournalDocument, { readonly body: { readonly kind: Kind } }> {
  return document.body.kind === kind;
}

type Growing = RememberedPlan & {
  readonly transactions: Map<Rung, Digest>;
  readonly operators: Set<string>;
};

// One attempt for each plan and promise, however many receipts of it there are.
function attemptsByFamily(
  signed: readonly { readonly plan: SignedPlan; readonly operator: string }[],
): ReadonlyMap<string, readonly EarlierAttempt[]> {
  const plans = new Map<Digest, Growing>();
  const found = new Map<string, EarlierAttempt[]>();
  for (const { plan: document, operator } of signed) {
    const { plan, intents, conflictKeys, rungs } = document;
    const known = plans.get(plan);
    const of = known ?? { plan, conflictKeys, transactions: new Map(), operators: new Set() };
    of.operators.add(operator);
    for (const { rung, transaction } of rungs) of.transactions.set(rung, transaction);
    if (known !== undefined) continue;
    plans.set(plan, of);
    for (const intent of intents) {
      const attempt = { of, intent };
      for (const key of familyKeys(intent.family)) {
        const attempts = found.get(key);
        if (attempts === undefined) found.set(key, [attempt]);
        else attempts.push(attempt);
      }
    }
  }
  return found;
}

function paymentsOf({ intents, feeUnits }: SignedPlan, at: Instant): readonly RememberedPayment[] {
  return intents.map(({ family, row, units }, place) => ({
    family,
    row,
    units: BigInt(units),
    feeUnits: place === 0 ? BigInt(feeUnits) : 0n,
    at,
  }));
}

function knownIndexes(reviews: readonly Review[]): ReadonlyMap<Name, KnownIndexes> {
  const known = new Map<Name, KnownIndexes>();
  const learn = (wallet: Name, path: string, isChange: boolean) => {
    const index = Number.parseInt(path.slice(path.lastIndexOf("/") + 1), 10);
    const { change, any } = known.get(wallet) ?? { change: -1, any: -1 };
    known.set(wallet, { change: isChange ? Math.max(change, index) : change, any: Math.max(any, index) });
  };
  for (const plan of reviews.flatMap(({ plans }) => plans)) {
    const { wallet, inputs, intents } = plan;
    // What is only shown is no address in use: whoever shows a coin far up must not move the bounds (law 10).
    if (intents.some(({ type }) => type === "attest")) continue;
    for (const { path } of inputs) learn(wallet, path, false);
    for (const { effects } of allAttempts(plan)) {
      for (const effect of effects) {
        if (effect.type === "change") learn(wallet, effect.path, true);
        if (effect.type === "own") learn(effect.wallet, effect.path, false);
      }
    }
  }
  return known;
}
