import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { recoverMaster } from "../../signer/keystore/slip39/recover.ts";
import { decodeShare, encodeShare } from "../../signer/keystore/slip39/share.ts";
import { fromHex, toHex, utf8 } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { vectorFile } from "./folder.ts";

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

describe("SLIP-0039", () => {
  const cases = vectorFile<readonly Case[]>("slip39/vectors.json");
  const recover = (shares: readonly string[]) => recoverMaster(shares.map(decodeShare), PASSPHRASE);

  test.skipIf(cases === undefined)("has 45 vectors, of which 15 recover a secret", () => {
    console.log(`slip39/vectors.json: ${cases?.length} cases`);
    expect(cases).toHaveLength(45);
    expect(cases?.filter(([, , secret]) => secret !== "")).toHaveLength(15);
  });

  test.each((cases ?? []).filter(([, , secret]) => secret !== ""))("%s", (_, shares, secret, root) => {
    expect(toHex(recover(shares))).toBe(secret);
    expect(bip32.fromSeed(fromHex(secret)).toBase58()).toBe(root);
    expect(shares.map((share) => encodeShare(decodeShare(share)))).toEqual(shares);
  });

  test.each((cases ?? []).filter(([, , secret]) => secret === ""))("%s", (name, shares) => {
    const [, code] = REFUSALS.find(([words]) => words.test(name)) ?? [];
    expect(codeOf(() => recover(shares))).toBe(code);
  });
});
