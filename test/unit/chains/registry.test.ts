/** Law 5: a chain that nothing here reads is refused where something is done with it, and shown as it is where people look. */
import { describe, expect, test } from "vitest";
import { bitcoinBuilder, bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { keyInWords, makerOf } from "../../../src/chains/keys.ts";
import { CODECS } from "../../../src/chains/codecs.ts";
import { adapterOf, codecOf } from "../../../src/chains/registry.ts";
import { coinText } from "../../../src/commands/desk/reading.ts";
import { nativeAsset } from "../../../src/core/asset.ts";
import { BITCOIN_CHAINS, NETWORKS, type ChainId } from "../../../src/core/chain.ts";
import { chainInKey } from "../../../src/core/conflict-key.ts";
import { codeOf } from "../../factory/thrown.ts";

const STRANGE = "eip155:2147483648" as ChainId;
const TXID = "ab".repeat(32);

describe.each(NETWORKS)("bitcoin on %s", (network) => {
  const chain = BITCOIN_CHAINS[network];
  const key = `${chain}:outpoint:${TXID}:7`;

  test("is found by its chain's id", () => {
    expect(codecOf(chain)).toBe(bitcoinCodec);
    expect(adapterOf(chain).builder).toBe(bitcoinBuilder);
    expect(CODECS.filter((codec) => codec.reads(chain))).toEqual([bitcoinCodec]);
  });

  test("is found by its conflict keys", () => {
    expect(chainInKey(key)).toBe(chain);
    expect(makerOf(key)).toBe(TXID);
    expect(keyInWords(key)).toBe(`${TXID} output 7`);
    expect(coinText(key)).toBe(`${"abab ".repeat(16)}output 7`);
  });

  test("has fees in its own coin", () => {
    expect(nativeAsset(chain)).toBe(`${chain}/slip44:${network === "mainnet" ? 0 : 1}`);
  });
});

test("a chain without a codec is refused", () => {
  expect(codeOf(() => codecOf(STRANGE))).toBe("CHAIN_UNKNOWN");
  expect(codeOf(() => adapterOf(STRANGE))).toBe("CHAIN_UNKNOWN");
  expect(codeOf(() => nativeAsset(STRANGE))).toBe("ASSET_UNKNOWN");
  // Taken as one that nothing makes, a child would be forgotten when its parent dies.
  expect(codeOf(() => makerOf(`${STRANGE}:nonce:0xab:5`))).toBe("CHAIN_UNKNOWN");
});

test("its conflict keys are shown as they are", () => {
  const key = `${STRANGE}:nonce:${TXID}:5`;
  expect(chainInKey(key)).toBe(STRANGE);
  for (const text of [key, TXID, "a: b", ""]) {
    expect(keyInWords(text)).toBe(text);
    expect(coinText(text)).toBe(text);
  }
});

test("what is no conflict key names no transaction", () => {
  for (const text of [TXID, "deposit", ""]) expect(makerOf(text)).toBeUndefined();
});
