import { describe, expect, test } from "vitest";
import { canonicalBytes, parseCanonical, type JsonObject } from "../../../src/core/canonical.ts";
import { AssertionError } from "../../../src/core/errors.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { makeIdentity, openIdentity, sealIdentity } from "../../../src/core/identity-file.ts";
import { seal, sealingCost, unseal } from "../../../src/core/sealed.ts";
import { ALICE, fixtureBytes } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const PASSPHRASE = utf8("regtest fixture passphrase");
const RANDOM = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes("nonce").subarray(0, 12) };
const ABOUT = { purpose: "seed", network: "regtest" } as const;
const SECRET = utf8("a secret of some length");
const FILE = seal(SECRET, PASSPHRASE, ABOUT, RANDOM);
const HEADER = parseCanonical(FILE) as JsonObject;

const changed = (fields: JsonObject) => canonicalBytes({ ...HEADER, ...fields });
const open = (file: Uint8Array, passphrase = PASSPHRASE, about: Parameters<typeof unseal>[2] = ABOUT) =>
  codeOf(() => unseal(file, passphrase, about));

test("what was sealed comes back, and nothing of it stands in the file", () => {
  expect(unseal(FILE, PASSPHRASE, ABOUT)).toEqual(SECRET);
  expect(Buffer.from(FILE).includes(Buffer.from(SECRET))).toBe(false);
  expect(unseal(seal(new Uint8Array(), PASSPHRASE, ABOUT, RANDOM), PASSPHRASE, ABOUT)).toHaveLength(0);
});

describe("a changed file does not open", () => {
  const flip = (hex: string, at: number) =>
    `${hex.slice(0, at)}${hex[at] === "0" ? "1" : "0"}${hex.slice(at + 1)}`;
  const text = (name: string) => HEADER[name] as string;

  test.each<[string, () => JsonObject]>([
    ["salt", () => ({ salt: flip(text("salt"), 0) })],
    ["nonce", () => ({ nonce: flip(text("nonce"), 23) })],
    ["first byte of the secret", () => ({ box: flip(text("box"), 0) })],
    ["last byte of the secret", () => ({ box: flip(text("box"), text("box").length - 34) })],
    ["first byte of the tag", () => ({ box: flip(text("box"), text("box").length - 32) })],
    ["last byte of the tag", () => ({ box: flip(text("box"), text("box").length - 1) })],
    ["a shorter secret", () => ({ box: text("box").slice(2) })],
    ["a longer box", () => ({ box: `${text("box")}00` })],
    ["another cost", () => ({ costLog2: 13 })],
  ])("%s", (_name, fields) => {
    expect(open(changed(fields()))).toBe("PASSPHRASE_WRONG");
  });

  test("a header of another purpose or network does not authenticate, even when that is asked for", () => {
    const signer = { purpose: "signer", network: "regtest" } as const;
    expect(open(changed({ purpose: "signer" }), PASSPHRASE, signer)).toBe("PASSPHRASE_WRONG");
    expect(open(seal(SECRET, PASSPHRASE, signer, RANDOM), PASSPHRASE, signer)).toBe("none");
  });
});

test("another passphrase does not open it", () => {
  expect(open(FILE, utf8("regtest fixture passphrasE"))).toBe("PASSPHRASE_WRONG");
  expect(open(FILE, new Uint8Array())).toBe("PASSPHRASE_WRONG");
});

test("a seed is not opened as an identity, nor one network's file on another", () => {
  expect(open(FILE, PASSPHRASE, { purpose: "identity", network: "regtest" })).toBe("SEALED_MALFORMED");
  expect(open(FILE, PASSPHRASE, { purpose: "seed", network: "mainnet" })).toBe("SEALED_MALFORMED");
});

describe("T7: cost has a floor and a ceiling", () => {
  test.each([
    ["regtest", 11, "SEALED_MALFORMED"],
    ["regtest", 12, "none"],
    ["regtest", 21, "SEALED_MALFORMED"],
    ["regtest", 1_000_000, "SEALED_MALFORMED"],
    ["mainnet", 12, "SEALED_MALFORMED"],
    ["mainnet", 16, "SEALED_MALFORMED"],
    ["testnet", 16, "SEALED_MALFORMED"],
    ["mainnet", 21, "SEALED_MALFORMED"],
  ] as const)("%s at 2^%d: %s", (network, costLog2, expected) => {
    const started = performance.now();
    expect(open(changed({ network, costLog2 }), PASSPHRASE, { purpose: "seed", network })).toBe(expected);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("a mainnet file takes the full cost, and opens", () => {
    expect([sealingCost("mainnet"), sealingCost("testnet"), sealingCost("regtest")]).toEqual([17, 17, 12]);
    const about = { purpose: "seed", network: "mainnet" } as const;
    const file = seal(SECRET, PASSPHRASE, about, RANDOM);
    expect((parseCanonical(file) as JsonObject)["costLog2"]).toBe(17);
    expect(open(file, PASSPHRASE, about)).toBe("none");
  });
});

test.each<[string, JsonObject]>([
  ["a short salt", { salt: "00" }],
  ["a short nonce", { nonce: "00" }],
  ["a box without a whole tag", { box: "00".repeat(15) }],
  ["a field more", { note: "x" }],
  ["another kind", { kind: "policy" }],
  ["another version", { version: 2 }],
  ["an unknown purpose", { purpose: "other" }],
])("%s is no sealed file", (_name, fields) => {
  expect(open(changed(fields))).toBe("SEALED_MALFORMED");
});

test("bytes that are no canonical JSON, or too many, are refused unread", () => {
  expect(open(utf8("-----BEGIN AGE-----"))).toBe("CANONICAL_MALFORMED");
  expect(open(utf8(`${Buffer.from(FILE).toString("utf8")}\n`))).toBe("CANONICAL_MALFORMED");
  expect(open(new Uint8Array(64 * 1024 + 1))).toBe("CANONICAL_TOO_LARGE");
});

test("salt and nonce of another length are a bug of the caller", () => {
  const short = { salt: RANDOM.salt.subarray(1), nonce: RANDOM.nonce };
  expect(() => seal(SECRET, PASSPHRASE, ABOUT, short)).toThrow(AssertionError);
});

describe("identity file", () => {
  const identity = makeIdentity(ALICE.name, ALICE.person, ALICE.seed);

  test("an identity comes back whole", () => {
    const file = sealIdentity(identity, "regtest", PASSPHRASE, RANDOM);
    expect(openIdentity(file, "regtest", PASSPHRASE)).toEqual(identity);
    expect(codeOf(() => openIdentity(file, "testnet", PASSPHRASE))).toBe("SEALED_MALFORMED");
    expect(codeOf(() => openIdentity(file, "regtest", utf8("wrong")))).toBe("PASSPHRASE_WRONG");
  });

  test.each<[string, Uint8Array]>([
    ["a seed of 31 bytes", canonicalBytes({ name: "alice", person: "Alice", seed: "00".repeat(31) })],
    ["a field more", canonicalBytes({ name: "alice", person: "Alice", seed: "00".repeat(32), note: "x" })],
    ["no JSON", utf8("secret")],
  ])("a sealed file that holds %s is no identity", (_name, secret) => {
    const file = seal(secret, PASSPHRASE, { purpose: "identity", network: "regtest" }, RANDOM);
    expect(codeOf(() => openIdentity(file, "regtest", PASSPHRASE))).toBe("SEALED_MALFORMED");
  });

  test("a seed sealed for another purpose is no identity", () => {
    expect(codeOf(() => openIdentity(FILE, "regtest", PASSPHRASE))).toBe("SEALED_MALFORMED");
  });
});
