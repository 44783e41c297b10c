/** Signatures for a plan's rungs, of one maker after another, until a rung is complete and becomes bytes to send. */
import type { DecodedAttempts } from "../chains/adapter.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import { assert } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import { attemptAt, type Reading } from "./plan-bytes.ts";
import type { PlanRow, WithdrawalPorts } from "./ports.ts";
import { standMovements } from "../treasury/stand.ts";
import { stand } from "./stand.ts";

export type RungAbout<Decoded> = Reading<Decoded> & { readonly newId: () => Id };

/**
 * Verifies one maker's signatures for one attempt, one by one, and keeps them. With the others' they may complete it.
 * @param source a signer's name, or `psbt:` and the SHA-256 of the file
 * @returns whether the attempt is complete now
 * @throws SIGNATURE_INVALID naming the input
 */
export function keepSignatures<Tx, Decoded>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  decoded: DecodedAttempts<Decoded>,
  {
    rung,
    source,
    signatures,
  }: {
    readonly rung: number | "cancel";
    readonly source: string;
    readonly signatures: readonly InputSignature[];
  },
  { codec, newId }: RungAbout<Decoded>,
): boolean {
  const found = attemptAt(decoded, rung);
  assert(found !== undefined, "the caller has found the rung");
  const { place, attempt } = found;
  codec.verifySignatures(attempt.tx, signatures);
  const txid = attempt.transaction;
  ports.insertRungSignatures(tx, { plan: plan.id, rung: place, source, txid, signatures });
  if (ports.attemptsOf(tx, plan.id).some((known) => known.rung === place)) return true;
  const together = allOf(ports.rungSignaturesOf(tx, plan.id).filter((set) => set.rung === place));
  if (!codec.isComplete(attempt.tx, together)) return false;
  const kind = rung === "cancel" ? "cancel" : "rung";
  const bytes = codec.combine(attempt.tx, together);
  ports.insertAttempt(tx, {
    id: newId(),
    plan: plan.id,
    rung: place,
    kind,
    feeUnits: attempt.fee.units,
    txid,
    bytes,
  });
  return true;
}

// One signature for each input and key: a maker may have signed in two files.
function allOf(sets: readonly { readonly signatures: readonly InputSignature[] }[]): InputSignature[] {
  const byPlace = new Map(
    sets
      .flatMap(({ signatures }) => signatures)
      .map((signature) => [`${signature.input}:${signature.key}`, signature]),
  );
  return [...byPlace.values()];
}

/** A plan is SIGNED once one of its attempts is complete; its withdrawals follow. */
export function signedIfComplete<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, plan: PlanRow): PlanRow {
  const current = ports.getPlan(tx, plan.id);
  if (ports.attemptsOf(tx, plan.id).length === 0) return current;
  const step = { version: current.version, to: "SIGNED", event: "signed" } as const;
  const moved = current.state === "EXPORTED" ? ports.movePlan(tx, plan.id, step) : current;
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) stand(ports, tx, withdrawal, "signed");
  standMovements(ports, tx, [plan], "signed");
  return moved;
}
