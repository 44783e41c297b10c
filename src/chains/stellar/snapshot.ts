import * as z from "zod";
import { parseCanonical } from "../../core/canonical.ts";
import { declareError } from "../../core/errors.ts";
import {
  accountField,
  assetField,
  countField,
  digestField,
  instantField,
  textField,
  unitsField,
} from "../../core/fields.ts";
import { LIMITS } from "../../core/limits.ts";

/**
 * The facts that an account's plan is built from, and what was chosen beside them. It is stored beside the plan as canonical
 * JSON, so that the plan can be built again and compared byte for byte.
 */
const snapshotField = z.strictObject({
  tip: z.strictObject({ height: countField(2 ** 32 - 1), hash: digestField, time: instantField }),
  /** By the clock of the machine that builds. */
  taken: instantField,
  account: accountField,
  /** The lowest sequence number that no ledger and no plan of ours has. */
  sequence: unitsField,
  /** Stroops of the account above its reserve, which no plan of ours holds. */
  balance: unitsField,
  /** Of issued assets that are to be paid: units of the account that no plan of ours holds. */
  tokens: z
    .array(z.strictObject({ asset: assetField, balance: unitsField }))
    .max(LIMITS.tokensMax)
    .optional(),
  /** Until when ledgers may take what is built. */
  until: instantField,
  /** The bid for each operation in thousandths of a stroop, capped by policy. */
  feeRateMilli: unitsField,
  feeSource: textField(64),
  /** Destinations that no ledger has yet: they are made by what pays them. */
  missing: z.array(accountField).max(1000).optional(),
  /** The least that makes an account, in stroops (two base reserves). */
  leastUnits: unitsField,
  /** Destinations that would not take what they are to be paid, or lack what their owner asks for (SEP-29). */
  refused: z
    .array(z.strictObject({ account: accountField, why: textField(LIMITS.textCharactersMax) }))
    .max(1000)
    .optional(),
});

export type StellarSnapshot = z.output<typeof snapshotField>;

export const SNAPSHOT_MALFORMED = declareError(
  "STELLAR_SNAPSHOT_MALFORMED",
  "verification",
  "The chain facts that are stored beside a Stellar account's plan cannot be read.",
);

/** A stored snapshot. @throws STELLAR_SNAPSHOT_MALFORMED */
export function readSnapshot(bytes: Uint8Array): StellarSnapshot {
  const parsed = snapshotField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw SNAPSHOT_MALFORMED(`snapshot.${issue?.path.join(".")}: ${issue?.message}`, {
    field: "snapshot",
    hint: "custody db check",
  });
}
