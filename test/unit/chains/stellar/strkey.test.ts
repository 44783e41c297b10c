/** Keys and ids as text: SEP-23's own cases, and the same as stellar-base of any bytes. */
import { StrKey } from "@stellar/stellar-base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  muxedOf,
  parseAddress,
  parseDestination,
  textOfMuxed,
} from "../../../../src/chains/stellar/address.ts";
import { decodeStrkey, encodeStrkey, strkeyBytes } from "../../../../src/chains/stellar/strkey.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { codeOf } from "../../../factory/thrown.ts";

const KEY = "3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a";
const ACCOUNT = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
const PAYLOAD = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

const VALID = [
  ["account", ACCOUNT, KEY],
  [
    "muxed",
    "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
    `${KEY}0000000000000000`,
  ],
  [
    "muxed",
    "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK",
    `${KEY}8000000000000000`,
  ],
  [
    "signedPayload",
    "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IBZGM",
    `${KEY}00000020${PAYLOAD}`,
  ],
  [
    "signedPayload",
    "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUAAAAFGBU",
    `${KEY}0000001d${PAYLOAD.slice(0, 58)}000000`,
  ],
  ["contract", "CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", KEY],
  ["liquidityPool", "LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN", KEY],
  ["claimableBalance", "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU", `00${KEY}`],
] as const;

const INVALID = [
  "GAAAAAAAACGC6",
  "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR",
  "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZA",
  "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUACUSI",
  "G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I",
  "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLKA",
  "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAAV75I",
  "M47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ",
  "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUK===",
  "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUO",
  "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IAAAAAAAAPM",
  "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4Z2PQ",
  "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DXFH6",
  "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TV",
  "BAAT6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGXACA",
  "",
  ACCOUNT.toLowerCase(),
  ` ${ACCOUNT}`,
];

describe("SEP-23", () => {
  test.each(VALID)("%s %s", (kind, text, hex) => {
    expect(decodeStrkey(text, "key")).toEqual({ kind, bytes: fromHex(hex) });
    expect(encodeStrkey(kind, fromHex(hex))).toBe(text);
  });

  test.each(INVALID)("%j is none", (text) => {
    expect(codeOf(() => decodeStrkey(text, "key"))).toBe("STELLAR_STRKEY_MALFORMED");
  });

  test("one letter changed is noticed, whichever it is", () => {
    for (let place = 0; place < ACCOUNT.length; place++) {
      const letter = ACCOUNT[place] === "A" ? "B" : "A";
      const text = ACCOUNT.slice(0, place) + letter + ACCOUNT.slice(place + 1);
      expect(codeOf(() => parseAddress(text))).toMatch(/^STELLAR_STRKEY_(MALFORMED|SECRET)$/);
    }
  });

  test("any key is as stellar-base writes it, and a secret is refused by its name and not shown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = Buffer.from(bytes);
        expect(encodeStrkey("account", bytes)).toBe(StrKey.encodeEd25519PublicKey(key));
        expect(encodeStrkey("contract", bytes)).toBe(StrKey.encodeContract(key));
        expect(encodeStrkey("preAuthTx", bytes)).toBe(StrKey.encodePreAuthTx(key));
        expect(encodeStrkey("hashX", bytes)).toBe(StrKey.encodeSha256Hash(key));
        const secret = StrKey.encodeEd25519SecretSeed(key);
        const thrown = (() => {
          try {
            decodeStrkey(secret, "key");
          } catch (error) {
            return error as { code: string; message: string; hint: string };
          }
          return undefined;
        })();
        expect(thrown?.code).toBe("STELLAR_STRKEY_SECRET");
        expect(JSON.stringify([thrown?.message, thrown?.hint])).not.toContain(secret.slice(0, 8));
      }),
      { numRuns: 100 },
    );
  });
});

describe("destinations", () => {
  test("an account, or a muxed account, which is paid to its account", () => {
    for (const [kind, text, hex] of VALID) {
      const isPayable = kind === "account" || kind === "muxed";
      expect(codeOf(() => parseDestination(text))).toBe(isPayable ? "none" : "STELLAR_DESTINATION_KIND");
      if (!isPayable) continue;
      const muxed = muxedOf(text);
      expect(textOfMuxed(muxed)).toBe(text);
      expect(muxed.type).toBe(kind === "account" ? "ed25519" : "muxed");
      expect(toHex(strkeyBytes(text, kind, "key"))).toBe(hex);
    }
    expect(codeOf(() => parseAddress(VALID[1][1]))).toBe("STELLAR_STRKEY_KIND");
  });
});
