import type { Network } from "../../src/core/chain.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import type { Name } from "../../src/core/identifier.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import type { Journal } from "../journal/journal.ts";

/** All that the gates know besides the request: what was pinned, what was done, what the clock says. */
export type SignerState = {
  readonly network: Network;
  readonly custody: Digest;
  readonly policy: PolicyDocument;
  readonly self: {
    readonly name: Name;
    readonly key: PublicKey;
    readonly epoch: number;
    readonly startHead: Digest;
  };
  readonly journal: Journal;
  /** The machine's clock. It decides expiry together with journal time and is never remembered (law 12). */
  readonly clock: Instant;
  /** Who stands at the machine; absent in a review without signing. */
  readonly officer?: PublicKey | undefined;
};

/** The time by which things expire: max(clock, journal time), law 12. */
export function timeOf(state: SignerState): Instant {
  return later(state.clock, state.journal.time);
}
