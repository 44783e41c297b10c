import { expect, test } from "vitest";
import { keyInWords, makerOf, namedKey, nonceKey, nonceOf } from "../../../../src/chains/evm/nonce-key.ts";
import { codecOf } from "../../../../src/chains/registry.ts";
import { keyInWords as anyKeyInWords, makerOf as anyMakerOf } from "../../../../src/chains/keys.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import { ANVIL, ownAccount } from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const { address } = ownAccount();
const key = nonceKey({ chain: ANVIL, address, nonce: 7n });

test("is written and read in one spelling", () => {
  expect(key).toBe(`${ANVIL}:nonce:${address}:7`);
  expect(nonceOf(key)).toEqual({ chain: ANVIL, address, nonce: 7n });
  for (const other of [
    key.toLowerCase(),
    key.replace(":7", ":07"),
    key.replace(":nonce:", ":outpoint:"),
    `${key}0x`,
    key.replace("eip155", "bip122"),
  ])
    expect(nonceOf(other)).toBeUndefined();
});

test("people name it by address and number; another chain's, or a coin's, is none", () => {
  expect(namedKey(`${address}:7`, ANVIL)).toBe(key);
  expect(namedKey(key, ANVIL)).toBe(key);
  for (const text of [`${address}`, `${address.toLowerCase()}:7`, `${"ab".repeat(32)}:0`, `${address}:-1`])
    expect(codeOf(() => namedKey(text, ANVIL))).toBe("EVM_NONCE_MALFORMED");
  expect(codeOf(() => namedKey(key, "eip155:1" as ChainId))).toBe("EVM_NONCE_MALFORMED");
});

test("no transaction makes it, and people read it as a nonce; whoever asks by the key alone hears the same", () => {
  expect([makerOf(), anyMakerOf(key), codecOf(ANVIL).makerOf(key)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(keyInWords(key)).toBe(`nonce 7 of ${address}`);
  expect(anyKeyInWords(key)).toBe(keyInWords(key));
  expect(keyInWords("nothing")).toBe("nothing");
});
