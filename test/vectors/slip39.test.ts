import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import { expect, test } from "vitest";
import { recoverMaster } from "../../signer/keystore/slip39/recover.ts";
import { decodeShare, encodeShare } from "../../signer/keystore/slip39/share.ts";
import { fromHex, toHex, utf8 } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { checkCases, vectorFile } from "./folder.ts";

/** Name, shares, master secret and BIP-32 root key; the last two are empty where the shares must be refused. */
type Case = readonly [name: string, shares: readonly string[], secret: string, root: string];

/** Which error each vector that must fail fails with, by the words of its name. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/invalid checksum/, "SHARE_CHECKSUM_WRONG"],
  [/invalid padding/, "SHARE_PADDING_WRONG"],
  [/greater group threshold/, "SHARE_CONTRADICTS_ITSELF"],
  [/different identifiers|different iteration|mismatching/, "SHARES_MIXED"],
  [/duplicate member/, "SHARE_REPEATED"],
  [/invalid digest/, "SHARES_DIGEST_WRONG"],
  [/Insufficient|insufficient number|Basic sharing/, "SHARES_TOO_FEW"],
  [/insufficient length|invalid master secret length/, "SHARE_LENGTH_WRONG"],
];

const PASSPHRASE = utf8("TREZOR");
const bip32 = BIP32Factory(ecc);

const FILE = "slip39/vectors.json";
const cases = vectorFile<readonly Case[]>(FILE);
const recover = (shares: readonly string[]) => recoverMaster(shares.map(decodeShare), PASSPHRASE);

/** The code that refuses a case; of a name that is not in our list any typed one. */
function refusalOf(name: string): unknown {
  const [, code] = REFUSALS.find(([words]) => words.test(name)) ?? [];
  return code ?? expect.stringMatching(/^SHARES?_[A-Z_]+$/);
}

test.skipIf(cases === undefined)("SLIP-0039: shares that recover a secret, and those that must not", () => {
  checkCases(FILE, cases ?? [], ([name, shares, secret, root]) => {
    if (secret === "") {
      expect(codeOf(() => recover(shares))).toEqual(refusalOf(name));
      return "passed";
    }
    expect(toHex(recover(shares))).toBe(secret);
    expect(bip32.fromSeed(fromHex(secret)).toBase58()).toBe(root);
    expect(shares.map((share) => encodeShare(decodeShare(share)))).toEqual(shares);
    return "passed";
  });
});
