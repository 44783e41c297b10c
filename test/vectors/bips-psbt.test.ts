import { describe, expect, test } from "vitest";
import { CustodyError } from "../../src/core/errors.ts";
import { toBase64 } from "../../src/core/hex.ts";
import { parsePsbt, PSBT_VERSION, serialisePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { vectorFile } from "./folder.ts";

type PsbtVectors = { readonly invalid: readonly string[]; readonly valid: readonly string[] };

/** What our reader says to a case: the code of its refusal, or that it wrote the same bytes again. */
function outcome(base64: string): string {
  try {
    const psbt = parsePsbt(new Uint8Array(Buffer.from(base64, "base64")));
    return toBase64(serialisePsbt(psbt)) === base64 ? "same bytes" : "other bytes";
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
}

describe("BIP-174 and BIP-370 vectors", () => {
  const vectors = vectorFile<PsbtVectors>("bips/psbt.json");

  test.skipIf(vectors === undefined)("invalid: every case is refused with a typed error", () => {
    const outcomes = (vectors?.invalid ?? []).map(outcome);
    const version2 = outcomes.filter((code) => code === PSBT_VERSION.code).length;
    console.log(
      `bips/psbt.json invalid: ${outcomes.length} cases, ${outcomes.length - version2} refused, ${version2} of version 2 not read by this version`,
    );
    expect(outcomes.filter((code) => code.endsWith("bytes"))).toEqual([]);
    expect([outcomes.length, version2]).toEqual([67, 12]);
  });

  test.skipIf(vectors === undefined)("valid: every version 0 case is written back byte for byte", () => {
    const outcomes = (vectors?.valid ?? []).map(outcome);
    const version2 = outcomes.filter((code) => code === PSBT_VERSION.code).length;
    const same = outcomes.filter((code) => code === "same bytes").length;
    console.log(
      `bips/psbt.json valid: ${outcomes.length} cases, ${same} round trips, ${version2} of version 2 not read by this version`,
    );
    expect([outcomes.length, same, version2]).toEqual([53, 39, 14]);
  });
});
