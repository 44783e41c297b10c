import { Refusal } from "../../src/core/gate.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { checkWords } from "../../src/core/words.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { requiredFlag, type Call, type Outcome, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { writePictures } from "../../src/terminal/review/files.ts";
import { reviewPage } from "../../src/terminal/review/of-review.ts";
import { row, section } from "../../src/terminal/review/page.ts";
import { drawPage } from "../../src/terminal/review/text.ts";
import { readContainer, type Container } from "../gates/g1-container.ts";
import { admit, judge } from "../gates/pass.ts";
import type { SignerState } from "../gates/state.ts";
import { tornWarnings } from "../journal/journal-file.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, stateOf } from "../keystore/load.ts";
import { unjudgedPage } from "./unjudged.ts";

/** Gates G1 to G10 without a key: the same review that `sign` would show, or which gate says no and what it had read. */
export const run: Run = async (call) => {
  const loaded = load(homeOfCall(call));
  const state = stateOf(loaded, call.io.now());
  const path = requiredFlag(call.flags, "in");
  const container = readContainer(
    await readCarried(call.io, path, LIMITS.documentBytesMax, "--in"),
    state.network,
  );
  const outcome = reviewOutcome(call, container, state);
  return {
    ...outcome,
    warnings: [...tornWarnings(loaded.read), ...(outcome.warnings ?? [])],
    next:
      outcome.failure === undefined
        ? `custody-signer sign --in ${shellWord(path)} --out receipt.json --officer KEY`
        : undefined,
  };
};

function reviewOutcome(call: Call, container: Container, state: SignerState): Outcome {
  try {
    const { review } = judge(admit(container, state), state);
    const page = reviewPage(review);
    const files = writePictures(call, page, `Review ${checkWords(review.digest)}`);
    return {
      data: { digest: review.digest, checkWords: checkWords(review.digest), review: review.body, files },
      text: drawPage(page, call.io.paint.out),
      warnings: review.body.plans.flatMap(({ warnings }) => warnings),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusedOutcome(call, container, error);
  }
}

// The answer is the refusal; what was read stands beside it, so that an officer can tell what somebody tried.
function refusedOutcome(call: Call, container: Container, refusal: Refusal): Outcome {
  const { gate, rule, message, field, hint } = refusal;
  const data = {
    request: container.request.digest,
    refused: {
      gate,
      rule,
      why: message,
      ...(field === undefined ? {} : { field }),
      ...(hint === undefined ? {} : { hint }),
    },
  };
  const above = section("Refused: nothing can be signed of it", [
    row("REFUSED", `at gate ${gate} by rule ${rule}`, "warning"),
    row("why", message),
    ...(field === undefined ? [] : [row("field", field)]),
    ...(hint === undefined ? [] : [row("hint", hint)]),
    row("NOTE", "what follows was read before that, and is proven by nobody", "warning"),
  ]);
  const page = unjudgedPage(container, above);
  const files = writePictures(call, page, `Refused at ${gate}, rule ${rule}`);
  return { data: { ...data, files }, text: drawPage(page, call.io.paint.out), failure: refusal };
}
