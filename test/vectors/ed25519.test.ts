import { expect, test } from "vitest";
import { verify } from "../../src/core/ed25519.ts";
import { fromHex } from "../../src/core/hex.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Case = { message: string; pub_key: string; signature: string };

/** The only case of speccheck that our rule accepts (S < L, canonical A and R, not of small order, cofactorless). */
const ACCEPTED = [3];

const FILE = "ed25519/speccheck.json";
const cases = vectorFile<Case[]>(FILE);

test.skipIf(cases === undefined)("ed25519 speccheck: index 3 alone is accepted", () => {
  checkCases(FILE, cases ?? [], ({ message, pub_key: key, signature }, index) => {
    expect(verify(fromHex(message), fromHex(signature), key)).toBe(ACCEPTED.includes(index));
    return "passed";
  });
});
