import { describe, expect, test } from "vitest";
import { lookAlike } from "../../../../src/chains/stellar/look-alike.ts";
import { chainOfNetwork, networkId, passphraseOf } from "../../../../src/chains/stellar/network-id.ts";
import { before, keyInWords, namedKey, sequenceKey } from "../../../../src/chains/stellar/sequence-key.ts";
import { STELLAR_CHAINS, type ChainId } from "../../../../src/core/chain.ts";
import { LOCAL, ownStellar, strangeKey } from "../../../factory/stellar-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const { address } = ownStellar();
const key = (sequence: bigint) => sequenceKey({ chain: LOCAL, address, sequence });

describe("a sequence number's key", () => {
  test("is named by people as account and number, or whole, and read to them so", () => {
    expect(namedKey(`${address}:41`, LOCAL)).toBe(key(41n));
    expect(namedKey(key(41n), LOCAL)).toBe(key(41n));
    expect(keyInWords(key(41n))).toBe(`sequence 41 of ${address}`);
    expect(keyInWords("eip155:1:nonce:0x0:1")).toBe("eip155:1:nonce:0x0:1");
  });

  test("is of one chain, one account and one number, in one spelling", () => {
    const broken = `${address.slice(0, -1)}${address.endsWith("A") ? "B" : "A"}`;
    for (const text of [
      address,
      `${address}:0`,
      `${address}:041`,
      `${address}:9223372036854775808`,
      `${broken}:41`,
    ])
      expect(codeOf(() => namedKey(text, LOCAL))).toBe("STELLAR_SEQUENCE_MALFORMED");
    expect(codeOf(() => namedKey(key(41n), STELLAR_CHAINS.mainnet))).toBe("STELLAR_SEQUENCE_MALFORMED");
  });

  test("S2: stands behind the number before it", () => {
    expect(before(key(41n))).toBe(key(40n));
    expect(before(key(1n))).toBeUndefined();
    expect(before("eip155:1:nonce:0x0:1")).toBeUndefined();
  });
});

describe("S1: a network", () => {
  test("is one of three, by the hash of what it calls itself; another is never taken for the public one", () => {
    for (const chain of Object.values(STELLAR_CHAINS)) {
      expect(chainOfNetwork(networkId(chain))).toBe(chain);
      expect(passphraseOf(chain)).toMatch(/ ; /);
    }
    expect(codeOf(() => chainOfNetwork(new Uint8Array(32)))).toBe("STELLAR_NETWORK_UNKNOWN");
    const other = "stellar:futurenet" as ChainId;
    expect(codeOf(() => networkId(other))).toBe("STELLAR_NETWORK_UNKNOWN");
    expect(codeOf(() => passphraseOf(other))).toBe("STELLAR_NETWORK_UNKNOWN");
  });
});

describe("F22: a hurried reader", () => {
  test("takes an address for another where letters at both ends agree, and not the address for itself", () => {
    const payee = strangeKey("payee").keypair.publicKey();
    const alike = `${payee.slice(0, 5)}${"A".repeat(47)}${payee.slice(-4)}`;
    expect(lookAlike(payee, [address, alike])).toBe(alike);
    expect(lookAlike(payee, [address, payee])).toBeUndefined();
    expect(lookAlike(payee, [`${payee.slice(0, 5)}${"A".repeat(51)}`])).toBeUndefined();
  });
});
