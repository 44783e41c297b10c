import { expect, test } from "vitest";
import { lookAlike } from "../../../../src/chains/bitcoin/address.ts";

const known = ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"];

test("F22: same first and last four characters, another address", () => {
  expect(lookAlike("bc1qw50zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzf3t4", known)).toBe(known[0]);
  expect(lookAlike("1A1zzzzzzzzzzzzzzzzzzzzzzzzzzzvfNa", known)).toBe(known[1]);
});

test("the address itself and others are no look-alikes", () => {
  expect(lookAlike("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", known)).toBeUndefined();
  expect(lookAlike("bc1qw50zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzf3t5", known)).toBeUndefined();
  expect(lookAlike("bc1qx50zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzf3t4", known)).toBeUndefined();
  expect(lookAlike("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", [])).toBeUndefined();
});
