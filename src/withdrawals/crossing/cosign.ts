/** Signatures of another maker's signer come in, in a plain PSBT: verified one by one, kept beside ours (law 1). */
import type { InputSignature } from "../../core/documents/receipt.ts";
import { sha256, type Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { attemptsAsBuilt } from "../planning/plan-bytes.ts";
import type { PlanRow, WithdrawalPorts } from "../ports.ts";
import { keepSignatures, signedIfComplete, type RungAbout } from "./rung.ts";

export const PSBT_FOREIGN = declareError(
  "PSBT_FOREIGN",
  "notFound",
  "A PSBT is no attempt of a plan that was exported here.",
);

export type Cosigned = {
  readonly plan: PlanRow;
  readonly rung: number | "cancel";
  readonly complete: boolean;
};

/**
 * Takes over the signatures of a PSBT. Which attempt it is, its transaction id says; the PSBT's own claims are not read.
 * @param exported plans that may have left, the newest first
 * @throws PSBT_FOREIGN, SIGNATURE_INVALID
 */
export function importCosigned<Tx, Decoded>(
  ports: WithdrawalPorts<Tx>,
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
    const place = decoded.rungs.findIndex(({ transaction }) => transaction === psbt.transaction);
    const cancels = decoded.cancel?.transaction === psbt.transaction;
    if (place < 0 && !cancels) continue;
    const rung = cancels ? "cancel" : place;
    const source = `psbt:${toHex(sha256(psbt.bytes))}`;
    const { signatures } = psbt;
    const complete = keepSignatures(ports, tx, plan, decoded, { rung, source, signatures }, about);
    return { plan: signedIfComplete(ports, tx, plan), rung, complete };
  }
  throw PSBT_FOREIGN(`no plan that was exported here has transaction ${psbt.transaction}`, {
    field: "PSBT",
    hint: "custody withdraw export PLAN --psbt DIR   (writes what can be signed)",
  });
}
