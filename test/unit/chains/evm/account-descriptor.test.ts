import { expect, test } from "vitest";
import { HDNodeWallet, Mnemonic } from "ethers";
import { describeAccount, parseAccountDescriptor } from "../../../../src/chains/evm/account-descriptor.ts";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import { HARDENED } from "../../../../src/chains/key-path.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { ANVIL, ownAccount } from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const MAINNET = "eip155:1" as ChainId;
const own = ownAccount();

/** `text` with another checksum: the one that it must have. */
const sealed = (body: string) => `${body}#${descriptorChecksum(body)}`;
const body = own.text.slice(0, own.text.indexOf("#"));

test("is read as it was written, and names its key and its account", () => {
  expect(parseAccountDescriptor(own.text, ANVIL)).toEqual(own);
  expect(own.text).toMatch(/^eoa\(\[[0-9a-f]{8}\/44h\/1h\/0h\/0\/0\]0[23][0-9a-f]{64}\)#[a-z0-9]{8}$/);
  expect(parseAccountDescriptor(sealed(body.replaceAll("h/", "'/")), ANVIL).text).toBe(own.text);
});

test("the account is the one that ethers derives on BIP-44's path from the standard's test words", () => {
  const words = "test test test test test test test test test test test junk";
  const theirs = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(words), "m/44'/60'/0'/0/0");
  const path = [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0];
  const key = { fingerprint: "00000000", path, publicKey: fromHex(theirs.publicKey.slice(2)) };
  const { address, text } = describeAccount(key, MAINNET);
  expect(address).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  expect(address).toBe(theirs.address);
  expect(parseAccountDescriptor(text, MAINNET).address).toBe(address);
});

test.each([
  ["another form", body.replace("eoa(", "wpkh("), "EVM_DESCRIPTOR_MALFORMED"],
  ["no origin", body.replace(/\[.*\]/, ""), "EVM_DESCRIPTOR_MALFORMED"],
  [
    "a key that is no point",
    body.replace(/\][0-9a-f]{66}/, `]02${"ff".repeat(32)}`),
    "EVM_DESCRIPTOR_MALFORMED",
  ],
  ["a path of another coin", body.replace("/1h/", "/60h/"), "EVM_DESCRIPTOR_PATH"],
  ["a path that is too short", body.replace("/0h/0/0", "/0h"), "EVM_DESCRIPTOR_PATH"],
  ["another purpose", body.replace("44h", "84h"), "EVM_DESCRIPTOR_PATH"],
])("%s is refused", (_, text, code) => {
  expect(codeOf(() => parseAccountDescriptor(sealed(text), ANVIL))).toBe(code);
});

test("a mistyped one is refused by its checksum, and one without by its form", () => {
  const typo = own.text.replace(/.$/, (last) => (last === "q" ? "p" : "q"));
  expect(codeOf(() => parseAccountDescriptor(typo, ANVIL))).toBe("EVM_DESCRIPTOR_CHECKSUM");
  expect(codeOf(() => parseAccountDescriptor(body, ANVIL))).toBe("EVM_DESCRIPTOR_MALFORMED");
});

test("B19: a test network's key is none of mainnet's", () => {
  expect(codeOf(() => parseAccountDescriptor(own.text, MAINNET))).toBe("EVM_DESCRIPTOR_PATH");
});
