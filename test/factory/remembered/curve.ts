/** tiny-secp256k1 whose derivations of keys are remembered (`plugin.ts`). It signs and verifies each time: nonces are tested. */
import * as curve from "tiny-secp256k1";
import { remembering } from "../remembering.ts";

export * from "tiny-secp256k1";

export const pointAddScalar = remembering(curve.pointAddScalar);
export const pointFromScalar = remembering(curve.pointFromScalar);
