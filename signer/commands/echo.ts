/**
 * A signing day without keys, for an officer who trains and for a new camera or screen: the same reading, drawing,
 * questions and codes, and an answer that nothing takes for a receipt. It opens no file of the home, so it works before
 * `init`, on any machine, and can neither use nor lock what a real signing needs.
 */
import { parseCanonical, type JsonObject } from "../../src/core/canonical.ts";
import { parseNetwork, type Network } from "../../src/core/chain.ts";
import { sha256, type Digest } from "../../src/core/digest.ts";
import { documentBytes, kindOf, makeDocument, parseDocument } from "../../src/core/document.ts";
import { REHEARSAL, REHEARSED, type RehearsalDocument } from "../../src/core/documents/rehearsal.ts";
import { REQUEST } from "../../src/core/documents/request.ts";
import { declareError } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { checkWords } from "../../src/core/words.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { assertCarriable, carry } from "../../src/terminal/carry.ts";
import { optionalFlag, requiredFlag, type Call, type Run } from "../../src/terminal/command.ts";
import { retype } from "../../src/terminal/prompt.ts";
import { writePictures } from "../../src/terminal/review/files.ts";
import { row, section } from "../../src/terminal/review/page.ts";
import { drawPage } from "../../src/terminal/review/text.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import { readContainer, type Container } from "../gates/g1-container.ts";
import { assertOutFree, writeAnswer } from "./answer-out.ts";
import { assertConfirmFlag } from "./confirm-flag.ts";
import { retypeTotals } from "./confirmation.ts";
import { askedBy, unjudgedPage } from "./unjudged.ts";

export const ECHO_UNKNOWN = declareError(
  "ECHO_UNKNOWN",
  "invalid",
  "A rehearsal takes a request, or a test file that the online host made, and nothing else.",
);

/** What arrived; of a request also what stands in it. */
type Heard = {
  readonly network: Network;
  readonly kind: "request" | "rehearsal";
  readonly container?: Container;
};

export const run: Run = async (call) => {
  assertOutFree(call);
  assertCarriable(call);
  const bytes = await readCarried(call.io, requiredFlag(call.flags, "in"), LIMITS.documentBytesMax, "--in");
  const heard = hear(bytes);
  const pictures = heard.container === undefined ? [] : await rehearse(call, heard.container);
  const arrived = toHex(sha256(bytes)) as Digest;
  const answer = makeDocument(REHEARSAL, {
    kind: "rehearsal",
    version: 1,
    network: heard.network,
    content: { type: "answer", to: heard.kind, arrived, bytes: bytes.length },
  });
  const frames = await send(call, answer);
  const out = requiredFlag(call.flags, "out");
  return {
    data: {
      signed: false,
      rehearsal: true,
      arrived,
      bytes: bytes.length,
      file: out,
      files: [...pictures, ...frames],
    },
    text:
      out === "-"
        ? ""
        : drawFacts([
            ["rehearsed", `${heard.kind} of ${bytes.length} bytes, answer written to ${out}`],
            ["arrived", grouped(arrived)],
          ]),
    warnings: [REHEARSED],
    next: `custody echo check --in ${shellWord(out === "-" ? "answer.json" : out)} --sent FILE`,
  };
};

/** @throws ECHO_UNKNOWN, CANONICAL_MALFORMED, and Refusal of G1 for a request that cannot be read */
function hear(bytes: Uint8Array): Heard {
  const value = parseCanonical(bytes, LIMITS.documentBytesMax);
  const kind = kindOf(value);
  if (kind === REQUEST.kind) {
    const claimed = (value as JsonObject)["network"];
    const network = parseNetwork(typeof claimed === "string" ? claimed : "none", "request.network");
    return { network, kind: "request", container: readContainer(bytes, network) };
  }
  if (kind === REHEARSAL.kind) {
    const { network, content } = parseDocument(REHEARSAL, bytes).body;
    if (content.type === "sent") return { network, kind: "rehearsal" };
  }
  throw ECHO_UNKNOWN(`a ${kind ?? "file without a kind"} is not rehearsed`, {
    field: "--in",
    hint: "give a request, or what custody echo send --out test.json has written",
  });
}

async function rehearse(call: Call, container: Container): Promise<readonly string[]> {
  const page = unjudgedPage(container, REHEARSAL_SECTION);
  const files = writePictures(call, page, "Rehearsal: nothing is signed");
  call.io.stderr.write(drawPage(page, call.io.paint.err));
  await askAsUsual(call, container);
  return files;
}

const REHEARSAL_SECTION = section("Rehearsal: nothing is judged, nothing can be signed", [
  row("NOTE", "no policy, journal or key is asked: what follows is what the file says", "warning"),
]);

// The words are the request's: without a policy there is no review whose words could be learnt here.
async function askAsUsual(call: Call, container: Container): Promise<void> {
  const { digest, body } = container.request;
  const given = optionalFlag(call.flags, "confirm");
  if (given !== undefined) return assertConfirmFlag(given, digest, body.network, "the request's digest");
  for (const plan of container.parts.plans) {
    await retypeTotals(call.io, plan.body.wallet, askedBy(container, plan), body.network);
  }
  await retype(call.io, "The six check words:", checkWords(digest), "--confirm");
}

async function send(call: Call, answer: RehearsalDocument): Promise<readonly string[]> {
  const bytes = documentBytes(answer);
  writeAnswer(call, bytes);
  return carry(call, bytes, {
    type: "custody-rehearsal",
    title: "Rehearsal: no receipt",
    digest: answer.digest,
  });
}
