/** The public key of a FIDO2 security key, as `ssh-keygen -t ed25519-sk` writes it (OpenSSH's PROTOCOL.u2f). */
import { parsePublicKey, type PublicKey } from "./ed25519.ts";
import { declareError } from "./errors.ts";
import { fromBase64, toHex } from "./hex.ts";
import { LIMITS } from "./limits.ts";
import { readEnd, readExpected, readString, sshReader, type SshReader } from "./ssh-wire.ts";

/** `ssh-keygen -O application=`: no domain, so no web site can ask for it, and not "ssh:", which keys for logins have. */
export const SSH_APPLICATION = "ssh:custody";

export const SSH_KEY_TYPE = "sk-ssh-ed25519@openssh.com";

export const SSH_KEY_MALFORMED = declareError(
  "SSH_KEY_MALFORMED",
  "invalid",
  "Text is not one SSH public key: its type, base64 and a comment in one line.",
);
export const SSH_KEY_UNSUITABLE = declareError(
  "SSH_KEY_UNSUITABLE",
  "invalid",
  "An SSH key is not an Ed25519 key of a FIDO2 security key made for custody.",
);

/** Makes a key that we accept: it asks for touch and for PIN or fingerprint, every time. */
export const SSH_KEY_HINT = `ssh-keygen -t ed25519-sk -O application=${SSH_APPLICATION} -O verify-required -f KEY`;

const LINE = /^([!-~]+) ([A-Za-z0-9+/=]+)(?: [^\n]*)?\n?$/;

/**
 * The key of one line of a `.pub` file, without authorized_keys options: type, base64, comment.
 * @throws SSH_KEY_MALFORMED, SSH_KEY_UNSUITABLE, PUBLIC_KEY_INVALID, BASE64_MALFORMED
 */
export function parseSkPublicKey(line: string): PublicKey {
  const field = "public key";
  const parts = line.length <= LIMITS.sshTextCharactersMax ? LINE.exec(line) : null;
  if (parts === null) {
    throw SSH_KEY_MALFORMED(`${field} is not one line of type, base64 and comment`, {
      field,
      hint: "give the .pub file that ssh-keygen wrote",
    });
  }
  const [, type, base64 = ""] = parts;
  const key = readSkKey(sshReader(fromBase64(base64, field), SSH_KEY_MALFORMED, field));
  // The type stands twice; a line that says one thing to people and another to programs is no key.
  if (type !== SSH_KEY_TYPE)
    throw SSH_KEY_UNSUITABLE(`${field} does not begin with ${SSH_KEY_TYPE}`, { field, hint: SSH_KEY_HINT });
  return key;
}

/** PROTOCOL.u2f "SSH U2F Key formats". */
export function readSkKey(reader: SshReader): PublicKey {
  const suitable = { kind: SSH_KEY_UNSUITABLE, hint: SSH_KEY_HINT };
  readExpected(reader, SSH_KEY_TYPE, { ...suitable, name: "key type" });
  const key = parsePublicKey(toHex(readString(reader)), reader.field);
  readExpected(reader, SSH_APPLICATION, { ...suitable, name: "application" });
  readEnd(reader);
  return key;
}
