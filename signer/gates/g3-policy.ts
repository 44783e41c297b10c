/**
 * G3: the pinned policy is in force and names this very signer and epoch; nobody has seen a later journal of it; and
 * the online audit tree extends what this signer has countersigned (law 7).
 */
import { verifyConsistency } from "../../src/core/audit-proof.ts";
import type { Head } from "../../src/core/documents/approval.ts";
import type { AuditPlace } from "../../src/core/documents/request.ts";
import { declareRule } from "../../src/core/gate.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { countSignatures } from "../../src/core/policy/counting.ts";
import type { PolicySigner } from "../../src/core/policy/policy.ts";
import { entriesAfter, type Memory } from "../journal/memory.ts";
import type { Container } from "./g1-container.ts";
import { knownHead } from "./g12-sign.ts";
import { refusingAt } from "./refuse.ts";
import { timeOf, type SignerState } from "./state.ts";

const POLICY_EXPIRED = declareRule("G3", "POLICY_EXPIRED", "the pinned policy has expired.");
const POLICY_NEWER = declareRule(
  "G3",
  "POLICY_NEWER",
  "the request was made under a policy that is not pinned here.",
);
const EPOCH_UNKNOWN = declareRule(
  "G3",
  "EPOCH_UNKNOWN",
  "the pinned policy does not name this signer with this key, epoch and start head.",
);
const ROLLED_BACK = declareRule(
  "G3",
  "ROLLED_BACK",
  "a journal head that others have seen is not in the journal: this signer was rolled back, or replaced.",
);
const HEAD_TOO_OLD = declareRule(
  "G3",
  "HEAD_TOO_OLD",
  "more journal entries follow the head that the request names than one receipt may bring.",
);
const AUDIT_EPOCH = declareRule(
  "G3",
  "AUDIT_EPOCH",
  "the online audit tree is of another epoch than this signer and its policy know.",
);
const AUDIT_BEHIND = declareRule(
  "G3",
  "AUDIT_BEHIND",
  "the online audit tree is smaller than what this signer has countersigned.",
);
const AUDIT_REWRITTEN = declareRule(
  "G3",
  "AUDIT_REWRITTEN",
  "nothing proves that the online audit tree extends what this signer has countersigned.",
);

/** @returns this signer's entry in the policy @throws Refusal of G3 */
export function assertPolicy(container: Container, state: SignerState, memory: Memory): PolicySigner {
  const { body } = container.request;
  const { number } = state.policy.body;
  assertInForce(state);
  if (body.policy > number) {
    throw POLICY_NEWER(`the request names policy number ${body.policy}, ${number} is pinned`, {
      field: "request.policy",
      hint: `pin version ${body.policy} first: custody-signer policy pin --in policy-${body.policy}.json`,
    });
  }
  const signer = assertEpoch(state);
  assertHeads(container, state, memory);
  assertFits(container, state);
  assertAudit(container, state, memory);
  return signer;
}

/** The pinned policy has not expired. @throws Refusal of G3 */
export function assertInForce(state: SignerState): void {
  const { number, expires } = state.policy.body;
  const now = timeOf(state);
  if (now <= expires) return;
  throw POLICY_EXPIRED(`policy number ${number} expired at ${expires}, it is ${now}`, {
    field: "policy.expires",
    hint: "let the admins sign the next policy, then custody-signer policy pin --in FILE",
  });
}

/**
 * A restored signer has a new key and epoch. Until a policy names them it signs nothing (law 7).
 * @returns this signer's entry in the policy @throws Refusal of G3
 */
export function assertEpoch({ policy: { body }, self }: SignerState): PolicySigner {
  const { name, key, epoch, startHead } = self;
  const entry = body.signers.find((signer) => signer.key === key);
  if (entry?.name === name && entry.epoch === epoch && entry.startHead === startHead) return entry;
  throw EPOCH_UNKNOWN(`policy number ${body.number} does not name ${name} in epoch ${epoch}`, {
    field: "policy.signers",
    hint: "custody-signer keys export --out card.json, then let the admins sign a policy with that card",
  });
}

// Heads come from approvers, whose word counts anyway and who could reject instead; and from the online host, which
// could just as well ask for nothing. An approval that nobody entitled has signed stops nothing: else anybody could.
function assertHeads({ request, parts }: Container, { policy, self }: SignerState, memory: Memory): void {
  const isLost = ({ signer, epoch, head }: Head) =>
    signer === self.name && (epoch > self.epoch || (epoch === self.epoch && !memory.heads.has(head)));
  const lost = (heads: readonly Head[], who: string) => {
    const head = heads.find(isLost);
    if (head === undefined) return;
    throw ROLLED_BACK(
      `${who} has seen head ${head.head} of ${self.name}, epoch ${head.epoch}, which this journal lacks`,
      {
        field: "heads",
        hint: "stop using this machine; compare custody-signer journal show with the receipts that were exported",
      },
    );
  };
  lost(request.body.heads, "the online host");
  for (const approval of parts.approvals) {
    if (!approval.body.heads.some(isLost)) continue;
    const [by] = countSignatures(policy.body, "approver", approval);
    if (by !== undefined) lost(approval.body.heads, by.identity.name);
  }
}

// A receipt with a signature leads from the head that is named to its own place without a gap: what lies between is what
// the host, the desks and an auditor judge a rollback by (law 7). The refusal's receipt is the way on.
function assertFits({ request }: Container, state: SignerState): void {
  const named = knownHead(request, state);
  const { length } = entriesAfter(state.journal, named);
  if (length <= LIMITS.receiptEntriesMax) return;
  const from = named === undefined ? "the journal's beginning, as it names no head" : `head ${named}`;
  throw HEAD_TOO_OLD(
    `the request knows this journal up to ${from}; ${length} entries follow, a receipt brings ${LIMITS.receiptEntriesMax}`,
    {
      field: "request.heads",
      hint: `custody withdraw import RECEIPT, with this refusal's receipt, which brings the first ${LIMITS.receiptEntriesMax}, or with earlier ones; then custody withdraw export PLAN --out request.json names a later head`,
      details: { entries: length, entriesMax: LIMITS.receiptEntriesMax },
    },
  );
}

// RFC 6962 §2.1.2. A host that shows this signer one history and an auditor another cannot continue both.
function assertAudit({ request: { body } }: Container, { policy, self }: SignerState, memory: Memory): void {
  const { audit } = body;
  const from = lastPlace(policy.body.audit, memory.audit);
  if (audit.epoch !== from.epoch) {
    throw AUDIT_EPOCH(`the audit tree is of epoch ${audit.epoch}, epoch ${from.epoch} is known here`, {
      field: "request.audit.epoch",
      hint: "after a restore of the database, pin the policy that names the new audit epoch",
    });
  }
  if (audit.size < from.size) {
    throw AUDIT_BEHIND(`the audit tree has ${audit.size} rows, this signer has countersigned ${from.size}`, {
      field: "request.audit.size",
      hint: "the database was put back: let the admins sign a policy with a new audit epoch",
    });
  }
  // Several where a receipt was still on its way when the request left: the host cannot know which place came last.
  const given = audit.extends.find(({ signer, size }) => signer === self.name && size === from.size);
  const proof = given?.proof ?? [];
  const proven = refusingAt("G3", () =>
    verifyConsistency(from.size, audit.size, from.root, audit.root, proof),
  );
  if (proven) return;
  throw AUDIT_REWRITTEN(
    `nothing proves that the audit tree of ${audit.size} rows begins with the ${from.size} rows seen last`,
    {
      field: "request.audit.extends",
      hint: "import this signer's last receipt online and export the request again; if it fails again, audit rows were changed",
    },
  );
}

// A policy of a later audit epoch begins a new tree; within an epoch what was countersigned is later than what it names.
function lastPlace(named: AuditPlace, countersigned: AuditPlace | undefined): AuditPlace {
  return countersigned === undefined || named.epoch > countersigned.epoch ? named : countersigned;
}
