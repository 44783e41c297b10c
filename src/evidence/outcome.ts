/** What became of it: the block, whether it can have happened twice, who said no, and what was closed. */
import { coversDeath, killerName } from "../chains/death.ts";
import { allAttempts } from "../chains/attempts.ts";
import { counted } from "../core/count.ts";
import { CustodyError } from "../core/errors.ts";
import type { Digest } from "../core/digest.ts";
import type { DeadDocument } from "../core/documents/dead.ts";
import { familyKeys, familyOf } from "../core/documents/family.ts";
import type { VoidDocument } from "../core/documents/void.ts";
import { assetFacts } from "../core/asset.ts";
import { countSignatures } from "../core/policy/counting.ts";
import { rowFor } from "../core/policy/evaluate.ts";
import type { Name } from "../core/identifier.ts";
import {
  deceasedAsListed,
  operatorPersons,
  vouchersNeeded,
  vouchersOf,
  type Deceased,
} from "../core/policy/death.ts";
import { HALT_ROLES } from "../core/policy/halts.ts";
import { verifySignature } from "../core/signature.ts";
import { attested, EVIDENCE_CONTRADICTS, notProven, proven, type Finding } from "./claim.ts";
import { namesOf } from "./people.ts";
import { decodePlan, payingIntent, policyNumber, type OpenEvidence, type OpenPlan } from "./opened.ts";

/** Never proven here: a chain is asked, not a file. */
export function judgeBlock({ body: { settlement } }: OpenEvidence): Finding {
  if (settlement === undefined) return notProven("nothing was sent, so nothing is in a block");
  const { transaction, block } = settlement;
  const ask = `ask a node of your own for ${transaction}`;
  if (block === undefined) return notProven(`the online host knows of no block that holds it: ${ask}`);
  const failed = settlement.withoutEffect === true ? ", and that it failed there" : "";
  return notProven(
    `the online host says block ${block.hash}, height ${block.height}, ${counted(block.confirmations, "confirmation")}${failed}: ${ask}`,
  );
}

/**
 * Of all plans here at most one attempt can ever settle: any two share a conflict key, or people have vouched that one
 * of them is dead (law 4).
 */
export function judgeOnce(opened: OpenEvidence): Finding {
  const { plans, dead } = opened;
  if (plans.length === 0) return notProven("no plan for it is here");
  const vouched: string[] = [];
  plans.forEach((plan, i) => {
    for (const other of plans.slice(i + 1)) {
      const keys = new Set(plan.document.body.conflictKeys);
      if (other.document.body.conflictKeys.some((key) => keys.has(key))) continue;
      const pair = dead.filter(({ body }) => [plan, other].some((one) => one.document.digest === body.plan));
      if (pair.length === 0) {
        throw EVIDENCE_CONTRADICTS(
          `${plan.name} and ${other.name} share no coin, and nobody vouches that one is dead`,
          {
            field: "plans",
          },
        );
      }
      vouched.push(...firstThatHolds(pair, (document) => vouchersIn(opened, document)));
    }
  });
  const says = `at most one attempt of the ${plans.length === 1 ? "plan" : `${plans.length} plans`} here can settle`;
  return vouched.length === 0
    ? proven(`${says}: all spend a common coin`)
    : attested(says, [...new Set(vouched)]);
}

// A file may hold several proofs about one pair, and one that says nothing takes nothing from another.
function firstThatHolds<Item, Found>(items: readonly Item[], judge: (item: Item) => Found): Found {
  let refusal: unknown;
  for (const item of items) {
    try {
      return judge(item);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** What no file can show. */
export function judgeNothingElse(): Finding {
  return notProven("that no other plan for it was ever signed: compare with the signers' own journals");
}

/** People's noes: they are obeyed from when they reach a signer (law 13). */
export function judgeObjections({ approvals, clearances, halts, policies, intents }: OpenEvidence): Finding {
  const digests = intents.map(({ digest }) => digest);
  const noes = [
    ...approvals.filter(({ body }) => body.decision === "reject" && digests.includes(body.intent)),
    ...clearances.filter(
      ({ body }) => body.decision === "refuse" && digests.some((one) => body.intents.includes(one)),
    ),
    ...halts,
  ];
  const said = noes.flatMap((document) => {
    const roles = document.body.kind === "halt" ? HALT_ROLES : NO_ROLES[document.body.kind];
    const by = policies.flatMap(({ body }) => roles.flatMap((role) => countSignatures(body, role, document)));
    return by.map(({ identity, at }) => ({ name: identity.name, says: `${document.body.kind} at ${at}` }));
  });
  if (said.length === 0)
    return notProven("no rejection, refusal or halt stands here; that none was made, nobody can show");
  const says = [...new Set(said.map((one) => `${one.says} by ${one.name}`))].join("; ");
  return attested(`${says}: a no binds a signer from when it is brought there`, [
    ...new Set(said.map(({ name }) => name)),
  ]);
}

const NO_ROLES = { approval: ["approver", "compliance"], clearance: ["compliance"] } as const;

/** A signer has closed the family and will sign no other attempt of it. */
export function judgeVoid(opened: OpenEvidence, document: VoidDocument): Finding {
  const { family, signer: name, epoch, policy, attempts } = document.body;
  const signer = policyNumber(opened, policy).signers.find((one) => one.name === name && one.epoch === epoch);
  const signed = document.signatures.some(
    ({ by, ...rest }) => by === signer?.key && verifySignature(document.digest, { by, ...rest }),
  );
  if (!signed)
    throw EVIDENCE_CONTRADICTS(`${name}, epoch ${epoch}, has not signed the void`, { field: "voids" });
  // All of its names, as the host counts it: a twin that shares one of them says nothing of attempts under the other.
  const names = familyKeys(family).join();
  const own = opened.intents.find(({ body }) => familyKeys(familyOf(body)).join() === names);
  if (own === undefined)
    throw EVIDENCE_CONTRADICTS(`the void of ${name} is of another family`, { field: "voids" });
  if (signer !== undefined && signer.since > own.body.born)
    throw EVIDENCE_CONTRADICTS(`${name}, epoch ${epoch}, is younger than the family that it closes`, {
      field: "voids",
    });
  return attested(
    `it will sign nothing more for this withdrawal; it has signed ${counted(attempts.length, "plan")}`,
    [name],
  );
}

/** The approval quorum vouches that a plan's attempts can never settle. */
export function judgeDead(opened: OpenEvidence, document: DeadDocument): Finding {
  const by = vouchersIn(opened, document);
  const { spentBy, block, conflictKey } = document.body;
  const plan = opened.plans.find((one) => one.document.digest === document.body.plan);
  const cancel = plan === undefined ? undefined : decodePlan(opened, plan).cancel?.transaction;
  const what =
    spentBy === cancel ? "the plan's own cancel rung, transaction" : failedOr("transaction", document);
  return attested(
    `${what} ${spentBy} in block ${block.hash} took ${conflictKey}, or what makes it; a node can be asked`,
    by,
  );
}

function failedOr(what: string, { body: { withoutEffect } }: DeadDocument): string {
  return withoutEffect === true ? "the plan's own attempt, which failed there," : what;
}

function vouchersIn(opened: OpenEvidence, document: DeadDocument): readonly string[] {
  const { plan: digest } = document.body;
  const plan = opened.plans.find((one) => one.document.digest === digest);
  const deceased = plan === undefined ? lostPlan(opened, digest) : deceasedOf(opened, plan, document);
  if (deceased === undefined)
    throw EVIDENCE_CONTRADICTS("a proof of death is about a plan that is not here", { field: "dead" });
  if (!coversDeath(document, deceased)) {
    throw EVIDENCE_CONTRADICTS(
      `a proof of death does not cover every attempt of ${plan?.name ?? `plan ${digest}`}`,
      { field: "dead" },
    );
  }
  assertNotSettled(opened, plan?.name ?? `plan ${digest}`, deceased, killerName(document.body));
  const policy = policyNumber(opened, document.body.policy);
  const signers = vouchersOf(policy, document, deceased);
  const needed = vouchersNeeded(policy, deceased);
  if (needed === undefined || signers.length < needed) {
    throw EVIDENCE_CONTRADICTS(
      `a proof of death lacks its quorum: ${signers.length} of ${needed ?? "as many as nobody can say"}`,
      { field: "dead" },
    );
  }
  return namesOf(signers);
}

function deceasedOf(opened: OpenEvidence, plan: OpenPlan, { body }: DeadDocument): Deceased {
  const { digest } = plan.document;
  const decoded = decodePlan(opened, plan);
  const listed = lostPlan(opened, digest);
  const known = operatorPersons(
    opened.policies.map((policy) => policy.body),
    operatorsOf(opened, digest),
  );
  return {
    plan: digest,
    transactions: allAttempts(decoded).map(({ transaction }) => transaction),
    cancel: decoded.cancel?.transaction,
    conflictKeys: plan.document.body.conflictKeys,
    rows: rowsOf(opened, plan, body.policy),
    operators: known === undefined ? undefined : new Set([...known, ...(listed?.operators ?? [])]),
  };
}

// A plan that the online host has no record of any more: signers list what they have signed of it in their voids (F9).
function lostPlan(opened: OpenEvidence, digest: Digest): Deceased | undefined {
  const listed = opened.voids
    .filter(({ body }) => body.attempts.some(({ plan }) => plan === digest))
    .filter((document) => judgeVoid(opened, document))
    .flatMap(({ body }) => body.attempts.filter(({ plan }) => plan === digest));
  return deceasedAsListed(listed);
}

// One plan has one end: what was sent of it, or what took its coin. Then another plan may be the one to fear (F3).
function assertNotSettled(
  { body: { settlement } }: OpenEvidence,
  name: string,
  { plan, transactions, cancel }: Deceased,
  spentBy: Digest,
): void {
  if (settlement === undefined) return;
  const own = transactions.includes(settlement.transaction) && settlement.transaction !== cancel;
  if (settlement.plan !== plan && !own) return;
  const pays = settlement.rung !== "cancel" && settlement.withoutEffect !== true;
  if (!pays && settlement.transaction === spentBy) return;
  throw EVIDENCE_CONTRADICTS(
    `${name} is vouched to be dead, and transaction ${settlement.transaction} that settles it is an attempt of it`,
    { field: "dead" },
  );
}

// Whoever led the plan out may not also say that it is dead.
function operatorsOf({ requests }: OpenEvidence, plan: Digest): readonly Name[] {
  return requests
    .filter(({ parts }) => parts.plans.some(({ digest }) => digest === plan))
    .map(({ parts }) => parts.delegation.body.operator);
}

// Of everything that it pays: the strictest band vouches.
function rowsOf(opened: OpenEvidence, { document, request }: OpenPlan, number: number): readonly Name[] {
  return document.body.intents.map((digest) => {
    const { body } = payingIntent(request, digest);
    const row = rowFor(policyNumber(opened, number), body.type, body.asset, BigInt(body.units));
    if (row !== undefined) return row.name;
    throw EVIDENCE_CONTRADICTS(`policy number ${number} has no row for ${assetFacts(body.asset).chain}`, {
      field: "policies",
    });
  });
}
