/** G1: the bytes are a request, in the one spelling that we would have given it, within limits, of this network. */
import type { Network } from "../../src/core/chain.ts";
import { parseDocument } from "../../src/core/document.ts";
import {
  REQUEST,
  requestParts,
  type RequestDocument,
  type RequestParts,
} from "../../src/core/documents/request.ts";
import type { Digest } from "../../src/core/digest.ts";
import { declareRule } from "../../src/core/gate.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { refusingAt } from "./refuse.ts";

const WORDS_TOO_MANY = declareRule(
  "G1",
  "WORDS_TOO_MANY",
  "more approvals or clearances stand for one intent than are judged.",
);
const WRONG_NETWORK = declareRule("G1", "WRONG_NETWORK", "the request belongs to another network.");

export type Container = { readonly request: RequestDocument; readonly parts: RequestParts };

/** @throws Refusal of G1, under the codes of canonical JSON and documents */
export function readContainer(bytes: Uint8Array, network: Network): Container {
  // The copy is ours alone: whoever holds the caller's buffer cannot write into what is judged (attack B18).
  const request = refusingAt("G1", () => parseDocument(REQUEST, Uint8Array.from(bytes)));
  if (request.body.network !== network) {
    throw WRONG_NETWORK(`the request belongs to ${request.body.network}, this signer to ${network}`, {
      field: "request.network",
      hint: `take the request to the signer of ${request.body.network}`,
    });
  }
  const parts = refusingAt("G1", () => requestParts(request));
  assertFew(
    "approvals",
    parts.approvals.map(({ body }) => body.intent),
  );
  assertFew(
    "clearances",
    parts.clearances.flatMap(({ body }) => body.intents),
  );
  return { request, parts };
}

// Each is verified before it is found not to count, and a desk is shown no more of them.
function assertFew(what: string, intents: readonly Digest[]): void {
  const counts = new Map<Digest, number>();
  for (const intent of intents) {
    const count = (counts.get(intent) ?? 0) + 1;
    counts.set(intent, count);
    if (count <= LIMITS.wordsPerIntentMax) continue;
    throw WORDS_TOO_MANY(`more than ${LIMITS.wordsPerIntentMax} ${what} are about intent ${intent}`, {
      field: `request.${what}`,
      hint: "find out who has made so many: custody withdraw show ID   (at the online host)",
    });
  }
}
