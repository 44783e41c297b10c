/** B19: a key that a device has shown for another network, though its path says nothing of one. */
import { expect, test } from "vitest";
import { keyExpressionOf, registryKey } from "../../../../../src/chains/bitcoin/exports/registry-key.ts";
import { DESCRIPTOR_NETWORK, parseKeyExpression } from "../../../../../src/chains/bitcoin/key-expression.ts";
import { expectRefusal } from "../../../../bitcoin/refusal.ts";
import { testSeed } from "../../../../bitcoin/regtest-wallet.ts";

// BIP-45's purpose, which has no coin type: the device's own word is all there is.
const { key } = testSeed("cosigner one", [45], "mainnet");
const shown = registryKey(parseKeyExpression(key, "mainnet").key, "mainnet", "unsaid");

test("a key of the wallet's network is written as it was", () => {
  expect(keyExpressionOf(shown, "mainnet", "key")).toBe(key);
  expect(keyExpressionOf({ ...shown, testnet: true }, "testnet", "key")).toContain("]tpub");
});

test("a key of a test network is none of mainnet, nor the other way round", () => {
  for (const [testnet, network] of [
    [true, "mainnet"],
    [false, "testnet"],
    [false, "regtest"],
  ] as const)
    expectRefusal(() => keyExpressionOf({ ...shown, testnet }, network, "key"), DESCRIPTOR_NETWORK);
});
