/** node:crypto whose derivations of keys are remembered (`plugin.ts`): passphrases, phrases and seeds of the fixtures. */
import * as crypto from "node:crypto";
import { remembering } from "../remembering.ts";

export * from "node:crypto";

export const scryptSync = remembering(
  (
    passphrase: Uint8Array | string,
    salt: Uint8Array | string,
    length: number,
    cost: Readonly<Record<string, number>>,
  ) => crypto.scryptSync(passphrase, salt, length, cost),
);

export const pbkdf2Sync = remembering(
  (
    passphrase: Uint8Array | string,
    salt: Uint8Array | string,
    rounds: number,
    length: number,
    digest: string,
  ) => crypto.pbkdf2Sync(passphrase, salt, rounds, length, digest),
);

/** OpenSSL takes a millisecond to read a key of 48 bytes, most of a fixture's signature. */
export const createPrivateKey = remembering(
  (key: { readonly key: Buffer; readonly format: "der"; readonly type: "pkcs8" }) =>
    crypto.createPrivateKey(key),
);
