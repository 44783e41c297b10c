/** What this host knows of a plan that is said to be dead: by its rows, and by what signers list in their voids. */
import { allAttempts, cancelOf } from "../../chains/attempts.ts";
import type { DecodedAttempts } from "../../chains/adapter.ts";
import type { Digest } from "../../core/digest.ts";
import type { SignedAttempt } from "../../core/documents/family.ts";
import type { Id } from "../../core/identifier.ts";
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
  | "movementOfPlan"
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
    // Its digest fixes what it can be: a proof was held against its bytes when it came in.
    transactions: kept.map(({ txid }) => txid),
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

/**
 * What voids here list of a plan: all of them where it has no row here, else those of its own families. A signer that lies
 * about another's payments must not keep this one from being buried.
 */
export function listedIn<Tx>(ports: Proving<Tx>, tx: Tx, digest: Digest): readonly SignedAttempt[] {
  const plan = ports.findPlanByDigest(tx, digest);
  const own = plan === undefined ? undefined : promisesOf(ports, tx, plan);
  return voidsListing(ports, tx, digest)
    .filter(({ body }) => own === undefined || own.has(body.family.intent))
    .flatMap(({ body }) => body.attempts.filter((attempt) => attempt.plan === digest));
}

function promisesOf<Tx>(ports: Proving<Tx>, tx: Tx, { id }: PlanRow): ReadonlySet<Id> {
  const withdrawals = ports.intentsOfPlan(tx, id).flatMap(({ withdrawal }) => withdrawal ?? []);
  return new Set([...withdrawals, ...[ports.movementOfPlan(tx, id)].flatMap((own) => own?.id ?? [])]);
}
