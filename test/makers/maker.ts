/** A signer that is not ours, played by its maker's own code: it holds one seed, gets a PSBT and gives it back. */
import type { TestSeed } from "../bitcoin/regtest-wallet.ts";

export type Maker = {
  readonly name: string;
  /** The PSBT version that it is sent and gives back. */
  readonly version: 0 | 2;
  /** Adds the partial signatures of every input key that `seed` holds. Seeds of tests: FOR REGTEST ONLY. */
  cosign(psbt: Uint8Array, seed: TestSeed): Uint8Array;
};
