/** Law 4: what a bitcoin transaction competes for, as text, is written and read in one place. */
import { describe, expect, test } from "vitest";
import {
  freeCoins,
  keyInWords,
  makerOf,
  namedKey,
  OUTPOINT_MALFORMED,
  outpointKey,
  outpointOf,
  outpointText,
} from "../../../../src/chains/bitcoin/outpoint.ts";
import { BITCOIN_CHAINS, NETWORKS } from "../../../../src/core/chain.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { nameInKey } from "../../../../src/core/conflict-key.ts";

const TXID = "ab".repeat(32);
const outpoint = { txid: TXID, vout: 7 };

describe.each(NETWORKS)("on %s", (network) => {
  const key = outpointKey(outpoint, network);

  test("what is written is read", () => {
    expect(key).toBe(`${BITCOIN_CHAINS[network]}:outpoint:${TXID}:7`);
    expect(outpointOf(key)).toEqual(outpoint);
    expect(makerOf(key)).toBe(TXID);
    expect(nameInKey(key)).toBe(outpointText(outpoint));
    expect(keyInWords(key)).toBe(`${TXID} output 7`);
  });

  test("people name a coin shortly, or by its whole key, and no other network's", () => {
    expect(namedKey(`${TXID}:7`, network)).toBe(key);
    expect(namedKey(key, network)).toBe(key);
    const other = outpointKey(outpoint, network === "mainnet" ? "regtest" : "mainnet");
    for (const text of [other, TXID, `${TXID}:07`, `${TXID.toUpperCase()}:7`, `${TXID}:7 `, ""])
      expectRefusal(() => namedKey(text, network), OUTPOINT_MALFORMED);
  });

  test.each([
    ["another kind", key.replace("outpoint", "nonce")],
    ["another chain's", key.replace("bip122", "eip155")],
    ["a short id", key.replace(TXID, "ab")],
    ["a second spelling of its number", key.replace(/7$/, "07")],
    ["something behind it", `${key} `],
    ["no chain", key.replace(/^.*:outpoint:/, "")],
  ])("%s is none", (_, text) => {
    expect(outpointOf(text)).toBeUndefined();
    expect(makerOf(text)).toBeUndefined();
    expect(keyInWords(text)).toBe(text);
  });
});

test("people read any chain's key without chain and kind, and other text as it is", () => {
  expect(nameInKey("eip155:1:nonce:0xab:5")).toBe("0xab:5");
  for (const text of [TXID, "deposit", "a: b", ""]) expect(nameInKey(text)).toBe(text);
});

test("a coin whose key is taken is not free", () => {
  const other = { ...outpoint, vout: 8 };
  const taken = new Set([outpointKey(outpoint, "regtest")]);
  expect(freeCoins([outpoint, other], taken, "regtest")).toEqual([other]);
  expect(freeCoins([outpoint, other], taken, "mainnet")).toEqual([outpoint, other]);
});
