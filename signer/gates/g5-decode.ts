/** G5: every rung's bytes decode strictly against the pinned wallet. Decoding is the chain's; the no is the gate's. */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { highestChangeIndex } from "../journal/memory.ts";
import { chainSigner } from "../sign/chains.ts";
import type { JudgedPlan } from "./g4-intents.ts";
import { refusingAt } from "./refuse.ts";
import type { SignerState } from "./state.ts";

export type DecodedRung = {
  /** Our private copy of the bytes that were decoded. */
  readonly bytes: Uint8Array;
  readonly attempt: DecodedAttempt<unknown>;
};
export type DecodedPlan = JudgedPlan & { readonly rungs: readonly DecodedRung[] };

/** @throws Refusal of G5 under the codec's own code */
export function decodePlans(plans: readonly JudgedPlan[], state: SignerState): readonly DecodedPlan[] {
  return plans.map((judged) => {
    const { plan, wallet } = judged;
    const highestIndex = highestChangeIndex(state.journal, wallet.name);
    const view = { wallet, network: state.network, highestIndex };
    const rungs = plan.body.rungs.map(({ psbt }) => {
      const bytes = fromBase64(psbt, "plan.rungs.psbt");
      return {
        bytes,
        attempt: refusingAt("G5", () => chainSigner(plan.body.chain).codec.decode(bytes, view)),
      };
    });
    return { ...judged, rungs };
  });
}
