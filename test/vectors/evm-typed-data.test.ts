/**
 * EIP-712 as ethers has it, and the example of the standard itself: hash of the message, of the whole, and a
 * signature.
 */
import { expect, test } from "vitest";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { keccak256 } from "../../src/chains/evm/keccak.ts";
import { signatureBytes } from "../../src/chains/evm/signature.ts";
import { domainFields, hashTypedData, type TypedData } from "../../src/chains/evm/typed-data.ts";
import { parseTypedData } from "../../src/chains/evm/typed-data-json.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Case = Pick<TypedData, "types" | "domain" | "primaryType"> & {
  readonly data: TypedData["message"];
  /** What the message's hash is made of: the type's hash, then a word for each value. */
  readonly encoded: string;
  readonly digest: string;
  readonly privateKey?: string;
  readonly signature?: string;
};

const FILE = "evm/typed-data.json";
const cases = vectorFile<Case[]>(FILE);
const bytesOf = (text: string) => fromHex(text.replace(/^0x/, ""));

test.skipIf(cases === undefined)("EIP-712: every case as ethers hashes it", () => {
  checkCases(FILE, cases ?? [], ({ types, domain, primaryType, data, ...expected }) => {
    const hashed = hashTypedData({ types, domain, primaryType, message: data });
    expect(toHex(hashed.messageHash)).toBe(toHex(keccak256(bytesOf(expected.encoded))));
    expect(`0x${toHex(hashed.digest)}`).toBe(expected.digest);
    const json = JSON.stringify({
      domain,
      primaryType,
      types: { ...types, EIP712Domain: domainFields(domain) },
      message: data,
    });
    expect(hashTypedData(parseTypedData(json))).toEqual(hashed);
    if (expected.privateKey !== undefined && expected.signature !== undefined) {
      const signature = signRecoverable(hashed.digest, bytesOf(expected.privateKey));
      expect(`0x${toHex(signatureBytes(signature))}`).toBe(expected.signature);
    }
    return "passed";
  });
});
