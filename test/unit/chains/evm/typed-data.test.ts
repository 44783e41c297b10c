/** EIP-712: hashes as ethers makes them, every value shown, and what is not spelt as the standard has it refused. */
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import {
  assertDomain,
  domainSeparator,
  hashTypedData,
  TYPED_DATA_DOMAIN,
  type TypedData,
} from "../../../../src/chains/evm/typed-data.ts";
import { TYPED_DATA_VALUE } from "../../../../src/chains/evm/typed-data-values.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const someone = addressOf(fixtureBytes("somebody").subarray(0, 20));
const contract = addressOf(fixtureBytes("contract").subarray(0, 20));
const domain = { name: "Mail", chainId: 31337, verifyingContract: contract };

const MAIL: TypedData = {
  types: {
    Person: [
      { name: "name", type: "string" },
      { name: "wallets", type: "address[]" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person[2]" },
      { name: "paid", type: "int8" },
      { name: "urgent", type: "bool" },
      { name: "key", type: "bytes4" },
      { name: "body", type: "bytes" },
    ],
  },
  primaryType: "Mail",
  domain,
  message: {
    from: { name: "Ann", wallets: [someone, someone.toLowerCase()] },
    to: [
      { name: "Ben", wallets: [] },
      { name: "Cleo \u202e", wallets: [contract] },
    ],
    paid: -128,
    urgent: true,
    key: "0x01020304",
    body: "0x",
  },
};

/** A message of one field. */
const single = (type: string, value: unknown): TypedData => ({
  types: { One: [{ name: "it", type }] },
  primaryType: "One",
  domain,
  message: { it: value },
});

describe("hashes", () => {
  test("those of ethers, for domain, message and both", () => {
    const { types, message } = MAIL;
    const hashed = hashTypedData(MAIL);
    const copy = Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]));
    expect(`0x${toHex(hashed.domainSeparator)}`).toBe(TypedDataEncoder.hashDomain(domain));
    expect(`0x${toHex(hashed.messageHash)}`).toBe(TypedDataEncoder.hashStruct("Mail", copy, message));
    expect(`0x${toHex(hashed.digest)}`).toBe(TypedDataEncoder.hash(domain, copy, message));
    expect(hashed.encodedType).toBe(
      "Mail(Person from,Person[2] to,int8 paid,bool urgent,bytes4 key,bytes body)Person(string name,address[] wallets)",
    );
    expect(domainSeparator(domain)).toEqual(hashed.domainSeparator);
  });

  test("numbers of every width, as ethers has them", () => {
    const widths = Array.from({ length: 32 }, (_, place) => 8 * (place + 1));
    fc.assert(
      fc.property(
        fc.constantFrom(...widths),
        fc.boolean(),
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        (bits, signed, any) => {
          const type = `${signed ? "int" : "uint"}${bits}`;
          const value = signed ? BigInt.asIntN(bits, any) : BigInt.asUintN(bits, any);
          const ours = hashTypedData(single(type, value));
          expect(`0x${toHex(ours.digest)}`).toBe(
            TypedDataEncoder.hash(domain, { One: [{ name: "it", type }] }, { it: value }),
          );
          expect(hashTypedData(single(type, value.toString())).digest).toEqual(ours.digest);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("every value is a line, the domain's first; what hides characters is written out", () => {
    const { lines } = hashTypedData(MAIL);
    expect(lines.map(({ path, value }) => `${path}: ${value}`)).toEqual([
      "domain.name: Mail",
      "domain.chainId: 31337",
      `domain.verifyingContract: ${contract}`,
      "message.from.name: Ann",
      `message.from.wallets[0]: ${someone}`,
      `message.from.wallets[1]: ${someone}`,
      "message.to[0].name: Ben",
      "message.to[0].wallets: (empty)",
      "message.to[1].name: Cleo ⟨U+202E⟩",
      `message.to[1].wallets[0]: ${contract}`,
      "message.paid: -128",
      "message.urgent: true",
      "message.key: 0x01020304",
      "message.body: 0x",
    ]);
    expect(lines.find(({ path }) => path === "message.to[1].wallets[0]")?.type).toBe("address");
  });
});

describe("values", () => {
  test.each([
    ["uint8", 255],
    ["uint8", "0xff"],
    ["int8", -128],
    ["int256", (-(2n ** 255n)).toString()],
    ["uint256", (2n ** 256n - 1n).toString()],
    ["bytes32", `0x${"Ab".repeat(32)}`],
    ["uint8[2][]", [[1, 2]]],
  ])("%s takes %s", (type, value) => {
    expect(codeOf(() => hashTypedData(single(type, value)))).toBe("none");
  });

  test.each([
    ["uint8", 256],
    ["uint8", -1],
    ["uint8", 1.5],
    ["uint8", 2 ** 53],
    ["uint8", "01"],
    ["uint8", "+1"],
    ["uint8", " 1"],
    ["uint8", ""],
    ["uint8", "0x"],
    ["uint8", true],
    ["uint8", null],
    ["int8", 128],
    ["int8", -129],
    ["int256", (2n ** 255n).toString()],
    ["uint256", (2n ** 256n).toString()],
    ["bool", "true"],
    ["bool", 1],
    ["string", 7],
    ["string", "\ud800"],
    ["bytes", "00"],
    ["bytes", "0x0"],
    ["bytes", "0x0g"],
    ["bytes4", "0x010203"],
    ["bytes4", "0x0102030405"],
    ["address", "0x00"],
    ["address", 0],
    ["uint8[]", "1"],
    ["uint8[]", { length: 0 }],
    ["uint8[2]", [1]],
    ["uint8[2]", [1, 2, 3]],
  ])("%s refuses %s, and names the field", (type, value) => {
    const codes = [TYPED_DATA_VALUE.code, "EVM_ADDRESS_MALFORMED"];
    expect(codes).toContain(codeOf(() => hashTypedData(single(type, value))));
    expect(() => hashTypedData(single(type, value))).toThrow(/message\.it/);
  });

  test("an address whose capitals are no checksum", () => {
    const misspelt = someone.replace(/[a-f]/, (letter) => letter.toUpperCase());
    expect(misspelt).not.toBe(someone);
    expect(codeOf(() => hashTypedData(single("address", misspelt)))).toBe("EVM_ADDRESS_CHECKSUM");
    expect(codeOf(() => hashTypedData(single("address", someone)))).toBe("none");
  });

  test("a field too many, one too few, a struct that is none", () => {
    const { message } = MAIL;
    const refusal = (data: TypedData, changed: TypedData["message"]) =>
      expectRefusal(() => hashTypedData({ ...data, message: changed }), TYPED_DATA_VALUE);
    const refused = (changed: TypedData["message"]) => refusal(MAIL, changed);
    expect(refused({ ...message, tip: 1 }).message).toContain("tip");
    expect(refused({ ...message, constructor: 1 }).message).toContain("constructor");
    const { paid: _paid, ...fewer } = message;
    expect(refused(fewer).field).toBe("message.paid");
    for (const from of [null, undefined, [], "Ann", 1])
      expect(refused({ ...message, from }).field).toBe("message.from");
    expect(refused({ ...message, from: { name: "Ann" } }).field).toBe("message.from.wallets");
    // What every object inherits is no field of it.
    const inherited = { ...single("bool", true), types: { One: [{ name: "toString", type: "string" }] } };
    expect(refusal(inherited, {}).message).toContain("message.toString is missing");
  });

  test("more values than a person can read", () => {
    const bytes = (count: number) =>
      hashTypedData(
        single(
          "bool[]",
          Array.from({ length: count }, () => true),
        ),
      );
    expect(codeOf(() => bytes(2000))).toBe("none");
    expect(codeOf(() => bytes(2100))).toBe(TYPED_DATA_VALUE.code);
  });
});

describe("domains", () => {
  const { chainId } = domain;
  const asked = { chainId: 31337n, contract };
  const given = (changed: object) => ({ ...single("bool", true), domain: changed });

  test("none, an unknown member, a member of another type", () => {
    expect(codeOf(() => hashTypedData(given({})))).toBe(TYPED_DATA_DOMAIN.code);
    expect(codeOf(() => hashTypedData(given({ chainId: undefined })))).toBe(TYPED_DATA_DOMAIN.code);
    for (const wrong of [
      { ...domain, chain: 1 },
      { ...domain, salt: "0x00" },
      { ...domain, chainId: -1 },
      { name: 1 },
    ])
      expect(codeOf(() => hashTypedData(given(wrong)))).toBe(TYPED_DATA_VALUE.code);
  });

  test("for a chain and a contract: both named, and both the same, in any of their spellings", () => {
    const check = (changed: object) => codeOf(() => assertDomain(given(changed), asked));
    for (const good of [
      domain,
      { chainId: 31337n, verifyingContract: contract.toLowerCase() },
      { chainId: "31337", verifyingContract: contract },
      { chainId: "0x7a69", verifyingContract: contract },
    ])
      expect(check(good)).toBe("none");
    for (const bad of [
      { chainId },
      { verifyingContract: contract },
      { ...domain, chainId: 1 },
      { ...domain, verifyingContract: someone },
    ])
      expect(check(bad)).toBe(TYPED_DATA_DOMAIN.code);
  });
});
