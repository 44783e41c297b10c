import { describe, expect, test } from "vitest";
import { verify } from "../../src/core/ed25519.ts";
import { fromHex } from "../../src/core/hex.ts";
import { vectorFile } from "./folder.ts";

type Case = { message: string; pub_key: string; signature: string };

/** The only case of speccheck that our rule accepts (S < L, canonical A and R, not of small order, cofactorless). */
const ACCEPTED = [3];

describe("ed25519 speccheck", () => {
  const cases = vectorFile<Case[]>("ed25519/speccheck.json");

  test.skipIf(cases === undefined)("accepts index 3 alone", () => {
    const accepted = (cases ?? []).flatMap(({ message, pub_key, signature }, index) =>
      verify(fromHex(message), fromHex(signature), pub_key) ? [index] : [],
    );
    console.log(`ed25519/speccheck.json: ${cases?.length} cases`);
    expect(cases).toHaveLength(12);
    expect(accepted).toEqual(ACCEPTED);
  });
});
