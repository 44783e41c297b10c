/** Signatures of another maker's signer come in, in a plain PSBT or a device's answer: verified one by one, kept beside ours (law 1). */
import type { DecodedAttempt } from "../../chains/adapter.ts";
import { placedAttempts, type Rung } from "../../chains/attempts.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { sha256 } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { fileSource } from "../../core/signature-source.ts";
import { attemptsAsBuilt } from "../planning/plan-bytes.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { CrossingPorts } from "./ports.ts";
import type { PlanRow } from "../rows.ts";
import { keepSignatures, signedIfComplete, type RungAbout } from "./rung.ts";

export const PSBT_FOREIGN = declareError(
  "PSBT_FOREIGN",
  "notFound",
  "A PSBT or a device's answer is for no attempt of a plan that was exported here.",
);

export type Cosigned = {
  readonly plan: PlanRow;
  readonly rung: Rung;
  readonly complete: boolean;
  /** How many signatures it has brought. */
  readonly count: number;
};

/** What a signer of another maker has given: which of a plan's attempts it is for, if it is for one. */
export type Given<Decoded> = {
  readonly bytes: Uint8Array;
  readonly signaturesFor: (attempt: DecodedAttempt<Decoded>) => readonly InputSignature[] | undefined;
};

/**
 * Takes over the signatures of a PSBT or of a device's answer. Its own claims are not read.
 * @param exported plans that may have left, the newest first
 * @throws PSBT_FOREIGN, SIGNATURE_INVALID
 */
export function importCosigned<Tx, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  given: Given<Decoded>,
  { exported, ...about }: RungAbout<Decoded> & { readonly exported: readonly PlanRow[] },
): Cosigned {
  for (const plan of exported) {
    const decoded = attemptsAsBuilt(ports, tx, plan, about);
    for (const [rung, attempt] of placedAttempts(decoded)) {
      const signatures = given.signaturesFor(attempt);
      if (signatures === undefined) continue;
      const source = fileSource(sha256(given.bytes));
      const complete = keepSignatures(ports, tx, plan, decoded, { rung, source, signatures }, about);
      return { plan: signedIfComplete(ports, tx, plan), rung, complete, count: signatures.length };
    }
  }
  throw PSBT_FOREIGN("it is no attempt of a plan that was exported here", {
    field: "file",
    hint: "custody withdraw export PLAN --psbt DIR   (writes what can be signed)",
  });
}
