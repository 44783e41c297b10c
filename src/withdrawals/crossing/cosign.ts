/** Signatures of another maker's signer come in, in a plain PSBT: verified one by one, kept beside ours (law 1). */
import { rungOfTransaction, type Rung } from "../../chains/attempts.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { sha256, type Digest } from "../../core/digest.ts";
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
  "A PSBT is no attempt of a plan that was exported here.",
);

export type Cosigned = {
  readonly plan: PlanRow;
  readonly rung: Rung;
  readonly complete: boolean;
};

/**
 * Takes over the signatures of a PSBT. Which attempt it is, its transaction id says; the PSBT's own claims are not read.
 * @param exported plans that may have left, the newest first
 * @throws PSBT_FOREIGN, SIGNATURE_INVALID
 */
export function importCosigned<Tx, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  psbt: {
    readonly bytes: Uint8Array;
    readonly transaction: Digest;
    readonly signatures: readonly InputSignature[];
  },
  { exported, ...about }: RungAbout<Decoded> & { readonly exported: readonly PlanRow[] },
): Cosigned {
  for (const plan of exported) {
    const decoded = attemptsAsBuilt(ports, tx, plan, about);
    const [rung] = rungOfTransaction(decoded, psbt.transaction) ?? [];
    if (rung === undefined) continue;
    const source = fileSource(sha256(psbt.bytes));
    const { signatures } = psbt;
    const complete = keepSignatures(ports, tx, plan, decoded, { rung, source, signatures }, about);
    return { plan: signedIfComplete(ports, tx, plan), rung, complete };
  }
  throw PSBT_FOREIGN(`no plan that was exported here has transaction ${psbt.transaction}`, {
    field: "PSBT",
    hint: "custody withdraw export PLAN --psbt DIR   (writes what can be signed)",
  });
}
