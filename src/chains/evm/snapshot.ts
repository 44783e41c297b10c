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
  tip: z.strictObject({ height: countField(2 ** 48), hash: digestField, time: instantField }),
  /** By the clock of the machine that builds. */
  taken: instantField,
  account: accountField,
  /** Of a Safe: its owners and the modules that it obeys, in the order in which it keeps them. */
  lists: z
    .strictObject({
      owners: z.array(textField(42)).max(LIMITS.identitiesMax),
      modules: z.array(textField(42)).max(LIMITS.identitiesMax),
    })
    .optional(),
  /** The lowest nonce that no block and no plan of ours has. */
  nonce: unitsField,
  /** Wei of the account that no plan of ours holds. */
  balance: unitsField,
  /** Of tokens that are to be paid: units of the account that no plan of ours holds. */
  tokens: z
    .array(z.strictObject({ asset: assetField, balance: unitsField }))
    .max(LIMITS.tokensMax)
    .optional(),
  /** Whether the chain has base fees (EIP-1559); without them transactions are of type 0. */
  baseFees: z.boolean(),
  /** Priority fee beside the cheapest rung's fee: wei for each gas. */
  tipWei: unitsField,
  /** The cheapest rung's fee in thousandths of a gwei for each gas, capped by policy. */
  feeRateMilli: unitsField,
  feeSource: textField(64),
  /** What a payment to each destination takes, by simulation with a margin; of the coin a plain account takes 21,000. */
  gas: z.array(z.strictObject({ account: accountField, limit: countField(2 ** 24, 21_000) })).max(1000),
  /** Destinations that would not take what they are to be paid, in the endpoints' words (F18). */
  refused: z
    .array(z.strictObject({ account: accountField, why: textField(LIMITS.textCharactersMax) }))
    .max(1000)
    .optional(),
});

export type EvmSnapshot = z.output<typeof snapshotField>;

export const SNAPSHOT_MALFORMED = declareError(
  "EVM_SNAPSHOT_MALFORMED",
  "verification",
  "The chain facts that are stored beside an account's plan cannot be read.",
);

/** A stored snapshot. @throws EVM_SNAPSHOT_MALFORMED */
export function readSnapshot(bytes: Uint8Array): EvmSnapshot {
  const parsed = snapshotField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw SNAPSHOT_MALFORMED(`snapshot.${issue?.path.join(".")}: ${issue?.message}`, {
    field: "snapshot",
    hint: "custody db check",
  });
}
