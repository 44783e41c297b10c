import { sha256 } from "../../src/core/digest.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";

/** Bytes that nothing compresses, the same for the same seed. */
export function noise(length: number, seed = "noise"): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(utf8(`${seed} ${i}`)));
  return concatBytes(...blocks).slice(0, length);
}
