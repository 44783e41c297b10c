import { expect, test } from "vitest";
import { addressBytes, addressOf, addressOfKey, parseAddress } from "../../../../src/chains/evm/address.ts";
import { lookAlike } from "../../../../src/chains/evm/look-alike.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { codeOf } from "../../../factory/thrown.ts";

// EIP-55's own test cases.
const CASES = [
  "0x52908400098527886E0F7030069857D2E4169EE7",
  "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
  "0xde709f2102306220921060314715629080e2fb77",
  "0x27b1fdb04752bbc536007a920d24acb045561c26",
  "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
  "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
  "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
] as const;
const [, , , , MIXED] = CASES;

test.each(CASES)("EIP-55: %s", (text) => {
  const address = parseAddress(text);
  expect(address).toBe(text);
  expect(addressOf(addressBytes(address))).toBe(text);
});

test.each([
  ["all in small letters, where it has capitals", MIXED.toLowerCase(), "EVM_ADDRESS_CHECKSUM"],
  ["one digit's case", MIXED.replace("A", "a"), "EVM_ADDRESS_CHECKSUM"],
  ["one digit", MIXED.replace("0x5", "0x6"), "EVM_ADDRESS_CHECKSUM"],
  ["a digit too few", MIXED.slice(0, -1), "EVM_ADDRESS_MALFORMED"],
  ["no prefix", MIXED.slice(2), "EVM_ADDRESS_MALFORMED"],
  ["another prefix", MIXED.replace("0x", "0X"), "EVM_ADDRESS_MALFORMED"],
  ["an exchange's form", `XE${MIXED.slice(2)}`, "EVM_ADDRESS_MALFORMED"],
])("%s is refused", (_, text, code) => {
  expect(codeOf(() => parseAddress(text))).toBe(code);
});

test("the account of a key: the last twenty bytes of its hash", () => {
  // The generator of secp256k1, private key 1.
  const key =
    "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" +
    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
  expect(addressOfKey(fromHex(key))).toBe("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
});

test("F22: an address that begins and ends like a known one is found, whatever its capitals", () => {
  const known = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
  const poison = addressOf(fromHex(`5aae${"00".repeat(16)}eaed`));
  expect(lookAlike(poison, [CASES[0], known])).toBe(known);
  expect(lookAlike(known, [CASES[0], known])).toBeUndefined();
  expect(lookAlike(addressOf(fromHex(`5aaf${"00".repeat(16)}eaed`)), [known])).toBeUndefined();
});
