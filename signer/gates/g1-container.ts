/** G1: the bytes are a request, in the one spelling that we would have given it, within limits, of this network. */
import type { Network } from "../../src/core/chain.ts";
import { parseDocument } from "../../src/core/document.ts";
import {
  REQUEST,
  requestParts,
  type RequestDocument,
  type RequestParts,
} from "../../src/core/documents/request.ts";
import { declareRule } from "../../src/core/gate.ts";
import { refusingAt } from "./refuse.ts";

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
  return { request, parts: refusingAt("G1", () => requestParts(request)) };
}
