import { describe, expect, test } from "vitest";
import { readContainer } from "../../../../signer/gates/g1-container.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { concatBytes, utf8 } from "../../../../src/core/hex.ts";
import { Refusal } from "../../../../src/core/gate.ts";
import { LIMITS } from "../../../../src/core/limits.ts";
import { goodRequest, makeCustody, payout } from "../../../factory/custody.ts";
import { codeOf } from "../../../factory/thrown.ts";

const bytes = documentBytes(goodRequest(makeCustody()));
const text = new TextDecoder().decode(bytes);
const read = (given: Uint8Array) => readContainer(given, "regtest");

describe("G1 container", () => {
  test("canonical bytes of a request are read", () => {
    expect(read(bytes).parts.plans).toHaveLength(1);
  });

  test.each([
    ["no bytes", new Uint8Array(), "G1_CANONICAL_MALFORMED"],
    ["a final newline", concatBytes(bytes, utf8("\n")), "G1_CANONICAL_MALFORMED"],
    ["a space", utf8(text.replace(",", ", ")), "G1_CANONICAL_MALFORMED"],
    [
      "a key twice",
      utf8(text.replace('{"approvals"', '{"approvals":[],"approvals"')),
      "G1_CANONICAL_MALFORMED",
    ],
    ["a cut", bytes.subarray(0, bytes.length - 7), "G1_CANONICAL_MALFORMED"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "G1_CANONICAL_MALFORMED"],
    [
      "an unknown field",
      utf8(text.replace('"version":1}', '"version":1,"zeal":1}')),
      "G1_DOCUMENT_MALFORMED",
    ],
    ["another kind", documentBytes(payout(makeCustody()).beneficiary), "G1_DOCUMENT_WRONG_KIND"],
    ["another format version", utf8(text.replace(/"version":1}$/, '"version":2}')), "G1_DOCUMENT_WRONG_KIND"],
    ["deep nesting", utf8("[".repeat(LIMITS.documentDepthMax + 1)), "G1_CANONICAL_TOO_LARGE"],
  ])("%s is refused", (_, given, code) => {
    expect(codeOf(() => read(given))).toBe(code);
  });

  test("a request of another network is refused, as malformed input for this machine", () => {
    const thrown = (() => {
      try {
        readContainer(bytes, "testnet");
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(thrown).toBeInstanceOf(Refusal);
    expect(thrown).toMatchObject({ gate: "G1", rule: "WRONG_NETWORK", exit: "invalid" });
  });

  test("what was read does not change when the caller's buffer is written (attack B18)", () => {
    const buffer = Uint8Array.from(bytes);
    const { request } = read(buffer);
    buffer.fill(0);
    expect(documentBytes(request)).toEqual(bytes);
  });
});
