/** What a request carries beside its header: plans, and everything that signers need to decide about them. */
import { canonicalBytes } from "../../core/canonical.ts";
import { sha256 } from "../../core/digest.ts";
import { embed, type Document, type DocumentHeader } from "../../core/document.ts";
import type { Intent } from "../../core/documents/intent.ts";
import type { Request } from "../../core/documents/request.ts";
import { concatBytes, toHex, utf8 } from "../../core/hex.ts";
import type { Name } from "../../core/identifier.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { movementLeaving } from "../../treasury/leave.ts";
import { evidenceOf } from "../deciding/evidence.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import { planDocumentOf, previousOf } from "../planning/plan-bytes.ts";
import type { LifePorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";
import { auditPlace, knownHeads } from "./places.ts";
import type { CrossingPorts } from "./ports.ts";
import { proofsCarried } from "./proofs.ts";

/**
 * A stand-in for a plan's request, about as long as it will be and as dense: its delegation and signature are of fixed
 * size, and mostly of what does not compress.
 */
export function requestLike<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  policy: PolicyDocument,
): Uint8Array {
  const content = contentOf(ports, tx, [plan], policy);
  const past = { audit: auditPlace(ports, tx, policy.body), heads: [...knownHeads(ports, tx, policy.body)] };
  const known = canonicalBytes({ ...content, ...past });
  let digits = "";
  while (digits.length < ENVELOPE_BYTES) digits += toHex(sha256(utf8(digits)));
  return concatBytes(known, utf8(digits.slice(0, ENVELOPE_BYTES)));
}

/** Header, delegation and signature of a request, in canonical JSON. */
const ENVELOPE_BYTES = 1200;

type Content = Pick<
  Request,
  "plans" | "intents" | "superseded" | "beneficiaries" | "approvals" | "clearances" | "dead" | "previous"
>;

export function contentOf<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plans: readonly PlanRow[],
  { body: policy }: PolicyDocument,
  leads?: Name,
): Content {
  const members = plans.flatMap((plan) => ports.withdrawalsOf(tx, plan.id));
  const evidence = members.map((withdrawal) => evidenceOf(ports, tx, withdrawal));
  const superseding = members.filter((_, index) => (evidence[index]?.intent.body.generation ?? 1) > 1);
  const own = plans.flatMap((plan) => movementLeaving(ports, tx, plan) ?? []);
  const all = [...evidence, ...own];
  return {
    plans: plans.map((plan) => embed(planDocumentOf(ports, tx, plan))),
    intents: all.map(({ intent }) => embed<Intent>(intent)),
    superseded: once(evidence.flatMap(({ superseded }) => superseded)),
    beneficiaries: once(evidence.map(({ beneficiary }) => beneficiary)),
    approvals: once(all.flatMap(({ approvals }) => approvals)),
    clearances: once(all.flatMap(({ clearances }) => clearances)),
    dead: once(proofsCarried(ports, tx, superseding, policy, leads)),
    previous: [...new Set(plans.flatMap(previousOf))].sort(),
  };
}

// One clearance may be about many of the intents, one destination be paid twice.
function once<Body extends DocumentHeader>(documents: readonly Document<Body>[]) {
  const found = new Map(documents.map((document) => [document.digest, document]));
  return [...found.values()].map((document) => embed(document));
}
