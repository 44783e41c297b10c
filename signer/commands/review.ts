import { LIMITS } from "../../src/core/limits.ts";
import { checkWords } from "../../src/core/words.ts";
import { requiredFlag, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { drawReview } from "../../src/terminal/review-text.ts";
import { readContainer } from "../gates/g1-container.ts";
import { admit, judge } from "../gates/pass.ts";
import { tornWarnings } from "../journal/journal-file.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, stateOf } from "../keystore/load.ts";

/** Gates G1 to G10 without a key: the same review that `sign` would show. */
export const run: Run = async (call) => {
  const loaded = load(homeOfCall(call));
  const state = stateOf(loaded, call.io.now());
  const path = requiredFlag(call.flags, "in");
  const container = readContainer(
    await readCarried(call.io, path, LIMITS.documentBytesMax, "--in"),
    state.network,
  );
  const { review } = judge(admit(container, state), state);
  return {
    data: { digest: review.digest, checkWords: checkWords(review.digest), review: review.body },
    text: drawReview(review, call.io.paint.out),
    warnings: [...tornWarnings(loaded.read), ...review.body.plans.flatMap(({ warnings }) => warnings)],
    next: `custody-signer sign --in ${path} --out receipt.json --officer KEY`,
  };
};
