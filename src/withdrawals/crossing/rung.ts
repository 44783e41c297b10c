/** Signatures for a plan's rungs, of one maker after another, until a rung is complete and becomes bytes to send. */
import type { DecodedAttempts } from "../../chains/adapter.ts";
import { attemptAt, kindOf, placeOf, type Rung } from "../../chains/attempts.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { assert } from "../../core/errors.ts";
import type { Id } from "../../core/identifier.ts";
import { signsMessage, type Reading } from "../planning/plan-bytes.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { CrossingPorts } from "./ports.ts";
import type { PlanRow } from "../rows.ts";
import { standMovements } from "../../treasury/stand.ts";
import { stand } from "../stand.ts";
import { stepPlan } from "../step.ts";

export type RungAbout<Decoded> = Reading<Decoded> & { readonly newId: () => Id };

/**
 * Verifies one maker's signatures for one attempt, one by one, and keeps them. With the others' they may complete it.
 * @param source a signer's name, or `psbt:` and the SHA-256 of the file
 * @returns whether the attempt is complete now
 * @throws SIGNATURE_INVALID naming the input
 */
export function keepSignatures<Tx, Decoded>(
  ports: LifePorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  decoded: DecodedAttempts<Decoded>,
  {
    rung,
    source,
    signatures,
  }: {
    readonly rung: Rung;
    readonly source: string;
    readonly signatures: readonly InputSignature[];
  },
  { codec: codecOf, view, newId }: RungAbout<Decoded>,
): boolean {
  const codec = codecOf(view(plan).wallet.chain);
  const attempt = attemptAt(decoded, rung);
  assert(attempt !== undefined, "the caller has found the rung");
  const place = placeOf(decoded, rung);
  codec.verifySignatures(attempt.tx, signatures);
  const txid = attempt.transaction;
  ports.insertRungSignatures(tx, { plan: plan.id, rung: place, source, txid, signatures });
  if (ports.attemptsOf(tx, plan.id).some((known) => known.rung === place)) return true;
  const together = signaturesOf(ports, tx, plan, place);
  if (!codec.isComplete(attempt.tx, together)) return false;
  if (signsMessage(attempt.effects)) {
    attested(ports, tx, plan.id);
    return true;
  }
  const bytes = codec.combine(attempt.tx, together);
  ports.insertAttempt(tx, {
    id: newId(),
    plan: plan.id,
    rung: place,
    kind: kindOf(rung),
    feeUnits: attempt.fee.units,
    txid,
    bytes,
  });
  return true;
}

/** What all makers have signed of one attempt, each input by each key once: a maker may have signed in two files. */
export function signaturesOf<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "rungSignaturesOf">,
  tx: Tx,
  plan: Pick<PlanRow, "id">,
  place: number,
): readonly InputSignature[] {
  const sets = ports.rungSignaturesOf(tx, plan.id).filter(({ rung }) => rung === place);
  const byPlace = new Map(
    sets
      .flatMap(({ signatures }) => signatures)
      .map((signature) => [`${signature.input}:${signature.key}`, signature]),
  );
  return [...byPlace.values()];
}

// A message becomes no attempt: there are no bytes that a watcher could send, and the database would refuse them.
function attested<Tx>(ports: LifePorts<Tx>, tx: Tx, id: Id): void {
  const plan = ports.getPlan(tx, id);
  if (plan.state === "EXPORTED") stepPlan(ports, tx, plan, { type: "message signed" });
}

/** A plan is SIGNED once one of its attempts is complete, that of a message ATTESTED; what it settles follows. */
export function signedIfComplete<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
): PlanRow {
  const current = ports.getPlan(tx, plan.id);
  if (ports.attemptsOf(tx, plan.id).length === 0 && current.state !== "ATTESTED") return current;
  const moved = current.state === "EXPORTED" ? stepPlan(ports, tx, current, { type: "signed" }) : current;
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) stand(ports, tx, withdrawal, "signed");
  standMovements(ports, tx, [plan], "signed");
  return moved;
}
