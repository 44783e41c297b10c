/**
 * Stands in for tiny-secp256k1 in both bundles of the simulator: the same curve, with a memory. World after world the same
 * few wallets derive the same addresses, and what is a function of its arguments alone is worked out once in a process.
 */
import * as curve from "tiny-secp256k1";
import { remembering } from "../../factory/remembering.ts";

export * from "tiny-secp256k1";

export const pointAddScalar = remembering(curve.pointAddScalar);
export const pointFromScalar = remembering(curve.pointFromScalar);
export const isPoint = remembering(curve.isPoint);
export const sign = remembering(curve.sign);
export const verify = remembering(curve.verify);
