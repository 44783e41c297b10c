import { sha256, taggedDigest, type Digest } from "../../core/digest.ts";
import { fromHex } from "../../core/hex.ts";
import { uint32 } from "./wire.ts";

/** The whole numbers below `bound`, each as likely, one after another. */
export type Draw = (bound: number) => number;

/**
 * Draws that `seed` decides: SHA-256 in counter mode, eight numbers a block. The same seed gives the same draws, so a
 * plan can be rebuilt byte for byte.
 */
export function drawer(seed: Digest): Draw {
  const key = fromHex(seed);
  let block: DataView = new DataView(new ArrayBuffer(0));
  let next = 0;
  let counter = 0;
  const word = (): number => {
    if (next === block.byteLength) {
      const bytes = sha256(key, uint32(counter++));
      block = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      next = 0;
    }
    const drawn = block.getUint32(next, true);
    next += 4;
    return drawn;
  };
  return (bound) => {
    // Draws in the uneven rest of 2^32 are thrown away, so that no number is likelier.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const drawn = word();
      if (drawn < limit) return drawn % bound;
    }
  };
}

/** A seed for one use of a snapshot's: what one draw shows tells nothing of another. */
export function seedFor(seed: Digest, use: "inputs" | "outputs" | "selection" | "lock-time"): Digest {
  return taggedDigest(`custody/bitcoin-${use}/v1`, fromHex(seed));
}

/** `items` in an order that `seed` decides (Fisher and Yates). To those who do not know it, change can be anywhere. */
export function shuffled<T>(items: readonly T[], seed: Digest): readonly T[] {
  const order = [...items];
  const draw = drawer(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
