import { sha256, type Digest } from "../../core/digest.ts";
import { fromHex } from "../../core/hex.ts";
import { uint32 } from "./wire.ts";

/**
 * `items` in an order that `seed` decides (Fisher and Yates with SHA-256 in counter mode). The same seed gives the same
 * order, so a plan can be rebuilt byte for byte; to those who do not know the seed, change can be anywhere.
 */
export function shuffled<T>(items: readonly T[], seed: Digest): readonly T[] {
  const order = [...items];
  const draw = drawer(fromHex(seed));
  for (let i = order.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

// Numbers below `bound`; draws in the uneven rest of 2^32 are thrown away, so that none is likelier.
function drawer(seed: Uint8Array): (bound: number) => number {
  let counter = 0;
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const block = sha256(seed, uint32(counter++));
      const drawn = new DataView(block.buffer, block.byteOffset).getUint32(0, true);
      if (drawn < limit) return drawn % bound;
    }
  };
}
