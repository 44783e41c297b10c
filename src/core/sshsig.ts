/**
 * Signatures by a FIDO2 security key, made with `ssh-keygen -Y sign` and verified here (OpenSSH's PROTOCOL.sshsig and
 * PROTOCOL.u2f). The key signs
 *   SHA-256(application) ‖ flags ‖ counter ‖ SHA-256("SSHSIG" ‖ namespace ‖ reserved ‖ hash name ‖ SHA-512(message))
 * and our documents keep flags, counter and signature. The rest is fixed: what ssh-keygen itself lets pass (SHA-256,
 * reserved bytes, version 0, any application, no touch) is refused when a file is read, and cannot be said in a document.
 *
 * A key says with its flags that a person was there. Nothing here proves that the key is hardware: that is seen by
 * those who are present when a person's card is made. The counter is signed but not judged: many keys leave it at zero.
 */
import { createHash } from "node:crypto";
import { sha256 } from "./digest.ts";
import { verify, type PublicKey } from "./ed25519.ts";
import { declareError } from "./errors.ts";
import { concatBytes, equalBytes, fromBase64, fromHex, toHex, utf8 } from "./hex.ts";
import { LIMITS } from "./limits.ts";
import { readSkKey, SSH_APPLICATION, SSH_KEY_HINT, SSH_KEY_TYPE, SSH_KEY_UNSUITABLE } from "./ssh-key.ts";
import {
  readBytes,
  readEnd,
  readExpected,
  readString,
  readUint32,
  sshReader,
  sshString,
  type SshReader,
} from "./ssh-wire.ts";

/** `ssh-keygen -Y sign -n`: keeps what a person signs for git or mail from counting here. */
export const SSH_NAMESPACE = "custody-signature-v1";

const HASH = "sha512";
const MAGIC = utf8("SSHSIG");
const VERSION = 1;

/**
 * User present (bit 0) and user verified (bit 2), of WebAuthn Level 3 §6.1, and no others: a key that reports
 * itself as one that can be backed up (bits 3 and 4) may lie in a cloud, and extensions (bit 7) would follow the counter.
 */
const FLAGS = 0x05;

export const SSH_SIGNATURE_MALFORMED = declareError(
  "SSH_SIGNATURE_MALFORMED",
  "invalid",
  "A file is not an SSH signature as ssh-keygen -Y sign writes it.",
);
export const SSH_SIGNATURE_UNSUITABLE = declareError(
  "SSH_SIGNATURE_UNSUITABLE",
  "invalid",
  "An SSH signature has another version, namespace or hash than ours, or reserved bytes.",
);
export const SSH_USER_UNVERIFIED = declareError(
  "SSH_USER_UNVERIFIED",
  "invalid",
  "A security key signed without its touch, or without its PIN or fingerprint, or reports that it can be copied.",
);

const SIGN_HINT = `ssh-keygen -Y sign -n ${SSH_NAMESPACE} -f KEY FILE`;

/** What a signature file says: who signed, and flags ‖ counter ‖ signature as 138 hex digits, as documents keep it. */
export type SshSignature = { readonly key: PublicKey; readonly sig: string };

/**
 * Whether `sig` (138 lowercase hex digits: flags, 4 bytes of counter, 64 of Ed25519) is `key`'s over `message`, the
 * content of the file that was given to ssh-keygen. Never throws.
 */
export function verifySk(message: Uint8Array, sig: string, key: PublicKey): boolean {
  if (!/^[0-9a-f]{138}$/.test(sig)) return false;
  const bytes = fromHex(sig);
  return bytes[0] === FLAGS && verify(skSignedBytes(message, bytes.subarray(0, 5)), bytes.subarray(5), key);
}

/** The 69 bytes that the security key signs (PROTOCOL.u2f "SSH U2F signatures", without extensions). */
function skSignedBytes(message: Uint8Array, flagsAndCounter: Uint8Array): Uint8Array {
  const statement = [utf8(SSH_NAMESPACE), new Uint8Array(), utf8(HASH), sha512(message)]; // PROTOCOL.sshsig §3
  return concatBytes(
    sha256(utf8(SSH_APPLICATION)),
    flagsAndCounter,
    sha256(MAGIC, ...statement.map((part) => sshString(part))),
  );
}

/**
 * Reads the file that ssh-keygen writes beside the signed one (PROTOCOL.sshsig §1 and §2). It does not verify: that
 * needs the message.
 * @throws SSH_SIGNATURE_MALFORMED, SSH_SIGNATURE_UNSUITABLE, SSH_USER_UNVERIFIED, SSH_KEY_UNSUITABLE,
 *   PUBLIC_KEY_INVALID, BASE64_MALFORMED
 */
export function parseSshSignature(armored: string): SshSignature {
  const reader = sshReader(dearmor(armored), SSH_SIGNATURE_MALFORMED, "signature");
  if (!equalBytes(readBytes(reader, MAGIC.length), MAGIC)) throw notASignature();
  const version = readUint32(reader);
  if (version !== VERSION) {
    throw SSH_SIGNATURE_UNSUITABLE(`signature has version ${version}, expected ${VERSION}`, {
      field: "version",
      hint: SIGN_HINT,
    });
  }
  const key = readSkKey(sshReader(readString(reader), SSH_SIGNATURE_MALFORMED, "key of the signature"));
  const ours = { kind: SSH_SIGNATURE_UNSUITABLE, hint: SIGN_HINT };
  readExpected(reader, SSH_NAMESPACE, { ...ours, name: "namespace" });
  readExpected(reader, "", { ...ours, name: "reserved" });
  readExpected(reader, HASH, { ...ours, name: "hash" });
  const sig = readSkSignature(sshReader(readString(reader), SSH_SIGNATURE_MALFORMED, "signature"));
  readEnd(reader);
  return { key, sig };
}

/** PROTOCOL.u2f "SSH U2F signatures": type, signature, flags, counter; in our order. */
function readSkSignature(reader: SshReader): string {
  readExpected(reader, SSH_KEY_TYPE, {
    name: "signature type",
    kind: SSH_KEY_UNSUITABLE,
    hint: SSH_KEY_HINT,
  });
  const signature = readString(reader);
  if (signature.length !== 64) throw notASignature();
  const flagsAndCounter = readBytes(reader, 5);
  readEnd(reader);
  if (flagsAndCounter[0] !== FLAGS) {
    throw SSH_USER_UNVERIFIED(
      `signature has flags 0x${toHex(flagsAndCounter.subarray(0, 1))}, expected 0x05: touched, and PIN or fingerprint verified`,
      { field: "flags", hint: `make the key so that it asks every time: ${SSH_KEY_HINT}` },
    );
  }
  return toHex(concatBytes(flagsAndCounter, signature));
}

/** ssh-keygen breaks its base64 after 70 characters, the specification after 76. */
function dearmor(armored: string): Uint8Array {
  const pattern =
    /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,76}\n)+)-----END SSH SIGNATURE-----\n?$/;
  const lines = armored.length <= LIMITS.sshTextCharactersMax ? pattern.exec(armored)?.[1] : undefined;
  if (lines === undefined) throw notASignature();
  return fromBase64(lines.replaceAll("\n", ""), "signature");
}

function notASignature() {
  return SSH_SIGNATURE_MALFORMED("signature is not one that ssh-keygen -Y sign wrote", {
    field: "signature",
    hint: SIGN_HINT,
  });
}

function sha512(message: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha512").update(message).digest());
}
