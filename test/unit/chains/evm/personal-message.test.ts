/** EIP-191: who signed a text, held against two other implementations. */
import { getBytes, hashMessage, verifyMessage, Wallet, id } from "ethers";
import { eip191Signer } from "micro-eth-signer";
import { describe, expect, test } from "vitest";
import { hashPersonalMessage, signerOfMessage } from "../../../../src/chains/evm/personal-message.ts";
import { fromHex, toHex, utf8 } from "../../../../src/core/hex.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const wallet = new Wallet(id("a customer FOR REGTEST ONLY"));
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const TEXTS = [
  "",
  "I am customer 1001",
  "a line\nand another",
  "\u00e4\u00f6\u00fc \u{1f600}",
  "x".repeat(1000),
  // 32 characters that people can read are no hash.
  "this text has thirty-two letters",
];

describe("a message's signer", () => {
  test.each(TEXTS)("of %j, by ethers and by micro-eth-signer", async (text) => {
    const bytes = utf8(text);
    const ours = await wallet.signMessage(bytes);
    const theirs = eip191Signer.sign(text, wallet.privateKey);
    expect(toHex(hashPersonalMessage(bytes))).toBe(hashMessage(bytes).slice(2));
    for (const signature of [ours, theirs])
      expect(signerOfMessage(bytes, getBytes(signature))).toBe(verifyMessage(bytes, signature));
    expect(signerOfMessage(bytes, getBytes(ours))).toBe(wallet.address);
  });

  test("random bytes, and a parity of 0 or 1", async () => {
    for (let place = 0; place < 50; place += 1) {
      const message = fixtureBytes(`message ${place}`).subarray(0, 1 + (place % 31));
      const signature = getBytes(await wallet.signMessage(message));
      expect(signerOfMessage(message, signature)).toBe(wallet.address);
      const plain = Uint8Array.of(...signature.subarray(0, 64), (signature[64] as number) - 27);
      expect(signerOfMessage(message, plain)).toBe(wallet.address);
    }
  });

  test("another text, or another signature, is somebody else's", async () => {
    const signature = getBytes(await wallet.signMessage("one"));
    expect(signerOfMessage(utf8("two"), signature)).not.toBe(wallet.address);
  });

  test("the other one of the two signatures, and what is none, are refused", async () => {
    const signature = getBytes(await wallet.signMessage("one"));
    const s = ORDER - BigInt(`0x${toHex(signature.subarray(32, 64))}`);
    const high = fromHex(
      `${toHex(signature.subarray(0, 32))}${s.toString(16).padStart(64, "0")}${signature[64] === 27 ? "1c" : "1b"}`,
    );
    const code = (bytes: Uint8Array) => codeOf(() => signerOfMessage(utf8("one"), bytes));
    expect(code(high)).toBe("EVM_SIGNATURE_MALFORMED");
    expect(code(signature.subarray(0, 64))).toBe("EVM_SIGNATURE_MALFORMED");
    expect(code(Uint8Array.of(...signature.subarray(0, 64), 29))).toBe("EVM_SIGNATURE_MALFORMED");
    expect(code(signature)).toBe("none");
  });
});

describe("E11: a hash hides what is signed", () => {
  const hash = id("a Safe's transaction");
  const signature = getBytes(wallet.signMessageSync("anything"));
  const code = (message: Uint8Array) => codeOf(() => signerOfMessage(message, signature));

  test("its bytes, and its text with and without 0x", () => {
    for (const message of [getBytes(hash), utf8(hash), utf8(hash.slice(2))])
      expect(code(message)).toBe("EVM_MESSAGE_HIDES");
  });

  test("twin: a text around it is read by people", () => {
    expect(code(utf8(`I approve ${hash}`))).toBe("none");
    expect(code(utf8("this text has thirty-two letters"))).toBe("none");
  });
});
