/** One level of sharing: a secret into points of a polynomial, and back, with a digest that tells a wrong result (SLIP-0039). */
import { createHmac, timingSafeEqual } from "node:crypto";
import { assert, declareError } from "../../../src/core/errors.ts";
import { concatBytes } from "../../../src/core/hex.ts";
import { interpolate, type Point } from "./field.ts";

export const SHARES_DIGEST_WRONG = declareError(
  "SHARES_DIGEST_WRONG",
  "verification",
  "SLIP-39 shares are each well-formed, but what they recover together is not what was shared.",
);

/** More shares than a share has room to number. */
export const SHARES_MAX = 16;
/** Where the secret and its digest lie on the polynomial; shares have x from 0 to 15. */
const SECRET_X = 255;
const DIGEST_X = 254;
const DIGEST_BYTES = 4;

/** How many of how many. */
export type Threshold = { readonly needed: number; readonly count: number };

/**
 * `count` points, any `needed` of which give the secret back.
 * @param random the system's generator: as many bytes as it is asked for
 */
export function splitSecret(
  { needed, count }: Threshold,
  secret: Uint8Array,
  random: (length: number) => Uint8Array,
): readonly Point[] {
  assert(
    1 <= needed && needed <= count && count <= SHARES_MAX,
    "a threshold is from 1 to the count, 16 at most",
  );
  const places = Array.from({ length: count }, (_, x) => x);
  if (needed === 1) return places.map((x) => ({ x, y: Uint8Array.from(secret) }));
  const chosen = places.slice(0, needed - 2).map((x) => ({ x, y: random(secret.length) }));
  const salt = random(secret.length - DIGEST_BYTES);
  const digest = { x: DIGEST_X, y: concatBytes(digestOf(secret, salt), salt) };
  const base = [...chosen, digest, { x: SECRET_X, y: secret }];
  const rest = places.slice(needed - 2).map((x) => ({ x, y: interpolate(base, x) }));
  salt.fill(0);
  digest.y.fill(0);
  return [...chosen, ...rest];
}

/**
 * The secret of exactly `needed` points with distinct x. The caller wipes it.
 * @throws SHARES_DIGEST_WRONG
 */
export function recoverSecret(needed: number, points: readonly Point[]): Uint8Array {
  assert(points.length === needed, "as many points as the threshold are needed");
  if (needed === 1) return Uint8Array.from((points[0] as Point).y);
  const secret = interpolate(points, SECRET_X);
  const digest = interpolate(points, DIGEST_X);
  const same = timingSafeEqual(
    digest.subarray(0, DIGEST_BYTES),
    digestOf(secret, digest.subarray(DIGEST_BYTES)),
  );
  digest.fill(0);
  if (same) return secret;
  secret.fill(0);
  throw SHARES_DIGEST_WRONG(
    "the shares do not fit together: at least one is of another secret, or was forged",
    {
      field: "shares",
      hint: "leave shares out one after the other and take others in their place",
    },
  );
}

function digestOf(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  return createHmac("sha256", salt).update(secret).digest().subarray(0, DIGEST_BYTES);
}
