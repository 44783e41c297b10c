/**
 * B13: a fee at which no node relays, or one that differs from what the plan says; the payment hangs, and whoever can
 * make it hang decides when it moves. The officer is warned, a cancel rung must be able to replace, and what the online
 * manifest states is compared with the bytes.
 */
import { offered, onePayment, warningsOf, withBase, withOutput, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

const RELAY = /below 1 sat\/vB/;

pair("B13", "the first rung pays less than nodes relay", {
  good: onePayment,
  bad: (papers) => {
    const low = withPlan(papers, () => ({
      rungs: [{ feeUnits: "150" }, { feeUnits: "400" }],
      cancel: { feeUnits: "700", changeIndex: 3 },
    }));
    const stated = BigInt(papers.plans[0]?.plan.body.rungs[0]?.feeUnits ?? "");
    return withOutput(low, "change", (output) => ({ ...output, units: output.units + stated - 150n }));
  },
  judge: (papers) => warningsOf(papers).find((warning) => RELAY.test(warning)) ?? "nothing",
  accepted: "nothing",
  refused: "rung 1: the fee rate is below 1 sat/vB: nodes may not relay it",
  removes: ["a fee below the relay rate is remarked on"],
  without: "nothing",
});

pair("B13", "no input signals that the cancel rung may replace the payment", {
  good: onePayment,
  bad: (papers) =>
    withBase(papers, (psbt) => {
      const inputs = psbt.unsigned.inputs.map((input) => ({ ...input, sequence: 0xffff_fffe }));
      psbt.unsigned = { ...psbt.unsigned, inputs };
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 CANCEL_CANNOT_REPLACE",
  removes: ["a plan's cancel rung can replace it"],
  without: "signed",
});

pair("B13", "the fee of the bytes is lower than the plan states", {
  good: onePayment,
  bad: (papers) => withOutput(papers, "change", (output) => ({ ...output, units: output.units + 1n })),
  judge: offered,
  accepted: "signed",
  refused: "G8 BASE_FEE_MISSTATED",
  removes: ["the first rung's fee is the one that the plan states"],
  without: "signed",
});
