import { createHash } from "node:crypto";
import { publicKeyOf, sign } from "../../src/core/ed25519.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { MALLORY } from "./identities.ts";

/** What a security key and ssh-keygen state with a signature. All but the seed is copied into the signature file. */
export type Statement = {
  readonly seed: Uint8Array;
  readonly keyType: string;
  readonly application: string;
  readonly flags: number;
  readonly counter: number;
  readonly version: number;
  readonly namespace: string;
  readonly reserved: string;
  readonly hash: "sha512" | "sha256";
};

export const HONEST: Statement = {
  seed: MALLORY.seed,
  keyType: "sk-ssh-ed25519@openssh.com",
  application: "ssh:custody",
  flags: 0x05,
  counter: 7,
  version: 1,
  namespace: "custody-signature-v1",
  reserved: "",
  hash: "sha512",
};

/** A security key in software: it signs whatever it is told that it saw, so that every lie can be tried. */
export function securityKey(seed: Uint8Array, changed: Partial<Statement> = {}): Statement {
  return { ...HONEST, seed, ...changed };
}

/** PROTOCOL.u2f: string, one byte, four bytes big-endian, as Node's own buffers write them. */
const string = (value: string | Uint8Array) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const digest = (name: string, bytes: string | Uint8Array) => createHash(name).update(bytes).digest();

/** What ssh-keygen hands to the key (PROTOCOL.sshsig §3). */
export function sshsigBlob(message: Uint8Array, { namespace, reserved, hash }: Statement): Buffer {
  const parts = [namespace, reserved, hash, digest(hash, message)].map((part) => string(part));
  return Buffer.concat([Buffer.from("SSHSIG"), ...parts]);
}

/** The key's 64 bytes over what it is handed (PROTOCOL.u2f). */
export function tokenSignature(blob: Uint8Array, { seed, application, flags, counter }: Statement): Buffer {
  const signed = [
    digest("sha256", application),
    Buffer.from([flags]),
    uint32(counter),
    digest("sha256", blob),
  ];
  return Buffer.from(sign(Buffer.concat(signed), seed));
}

/** SSH's signature: type, 64 bytes, flags, counter. */
export function sshSkSignature(signature: Uint8Array, { keyType, flags, counter }: Statement): Buffer {
  return Buffer.concat([string(keyType), string(signature), Buffer.from([flags]), uint32(counter)]);
}

export function publicKeyBlob({ seed, keyType, application }: Statement): Buffer {
  return Buffer.concat([string(keyType), string(fromHex(publicKeyOf(seed))), string(application)]);
}

/** A line of a `.pub` file or of authorized_keys. */
export function publicKeyLine(key: Statement, comment = "alice@desk"): string {
  return `${key.keyType} ${publicKeyBlob(key).toString("base64")} ${comment}`;
}

/** Our documents' form: flags, counter, signature, as hex. */
export function compactSignature(message: Uint8Array, key: Statement): string {
  const signature = tokenSignature(sshsigBlob(message, key), key);
  return toHex(Buffer.concat([Buffer.from([key.flags]), uint32(key.counter), signature]));
}

/** A signature file's bytes before armour. `written` differs from what was signed where a test lies. */
export function signatureBlob(message: Uint8Array, key: Statement, written: Partial<Statement> = {}): Buffer {
  const said = { ...key, ...written };
  return Buffer.concat([
    Buffer.from("SSHSIG"),
    uint32(said.version),
    string(publicKeyBlob(said)),
    string(said.namespace),
    string(said.reserved),
    string(said.hash),
    string(sshSkSignature(tokenSignature(sshsigBlob(message, key), key), said)),
  ]);
}

/** ssh-keygen breaks lines after 70 characters. */
export function armor(blob: Uint8Array, width = 70): string {
  const lines =
    Buffer.from(blob)
      .toString("base64")
      .match(new RegExp(`.{1,${width}}`, "g")) ?? [];
  return ["-----BEGIN SSH SIGNATURE-----", ...lines, "-----END SSH SIGNATURE-----", ""].join("\n");
}
