/** What this host knows of a plan that is said to be dead: by its rows, and by what signers list in their voids. */
import { allAttempts, cancelOf } from "../../chains/attempts.ts";
import type { DecodedAttempts } from "../../chains/adapter.ts";
import type { Digest } from "../../core/digest.ts";
import type { SignedAttempt } from "../../core/documents/family.ts";
import { REQUEST } from "../../core/documents/request.ts";
import { VOID, type VoidDocument } from "../../core/documents/void.ts";
import {
  deceasedAsListed,
  operatorPersons,
  type Deceased,
  type PlanAttempts,
} from "../../core/policy/death.ts";
import { policiesSince } from "../deciding/evidence.ts";
import { planDocumentOf } from "../planning/plan-bytes.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";

/** What is read to judge whether a plan is dead. */
export type Proving<Tx> = Pick<
  WithdrawalPorts<Tx>,
  | "attemptsOf"
  | "documentDigests"
  | "findDocument"
  | "findDocuments"
  | "findPlanByDigest"
  | "intentsOfPlan"
  | "lineOf"
  | "policiesSince"
  | "requestsOf"
>;

/** A plan's attempts as it was built, signed or not. */
export function attemptsBuilt<Decoded>(
  { digest }: Pick<PlanRow, "digest">,
  decoded: DecodedAttempts<Decoded>,
): PlanAttempts {
  return {
    plan: digest,
    transactions: allAttempts(decoded).map(({ transaction }) => transaction),
    cancel: decoded.cancel?.transaction,
    conflictKeys: decoded.rungs[0]?.conflictKeys ?? [],
  };
}

/**
 * A plan as far as it is known here: undefined when there is no row of it and no void lists it. Of its people all count
 * that a request here names or a signer remembers; where nobody is known, nobody may vouch.
 * @param listed what signers' voids say of it
 */
export function deceasedOf<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  digest: Digest,
  listed: readonly SignedAttempt[],
): Deceased | undefined {
  const said = deceasedAsListed(listed);
  const plan = ports.findPlanByDigest(tx, digest);
  if (plan === undefined) return said;
  const kept = ports.attemptsOf(tx, plan.id);
  return {
    plan: digest,
    transactions: [...new Set([...kept.map(({ txid }) => txid), ...(said?.transactions ?? [])])],
    cancel: cancelOf(kept)?.txid ?? said?.cancel,
    conflictKeys: planDocumentOf(ports, tx, plan).body.conflictKeys,
    rows: ports.intentsOfPlan(tx, plan.id).map(({ row }) => row),
    operators: personsOf(ports, tx, plan, said),
  };
}

function personsOf<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  plan: PlanRow,
  said: Deceased | undefined,
): ReadonlySet<string> | undefined {
  const names = ports
    .findDocuments(tx, REQUEST, ports.requestsOf(tx, plan.id))
    .map(({ body }) => body.delegation.operator);
  const known = operatorPersons(policiesSince(ports, tx, 1), names);
  const persons = new Set([...(known ?? []), ...(said?.operators ?? [])]);
  return known === undefined || persons.size === 0 ? undefined : persons;
}

/** Voids that list a plan as signed. */
export function voidsListing<Tx>(
  ports: Pick<Proving<Tx>, "documentDigests" | "findDocuments">,
  tx: Tx,
  digest: Digest,
): readonly VoidDocument[] {
  return ports
    .findDocuments(tx, VOID, ports.documentDigests(tx, VOID.kind))
    .filter(({ body }) => body.attempts.some(({ plan }) => plan === digest));
}

/** What all voids here list of a plan. */
export function listedIn<Tx>(
  ports: Pick<Proving<Tx>, "documentDigests" | "findDocuments">,
  tx: Tx,
  digest: Digest,
): readonly SignedAttempt[] {
  return voidsListing(ports, tx, digest).flatMap(({ body }) =>
    body.attempts.filter(({ plan }) => plan === digest),
  );
}
