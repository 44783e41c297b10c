import { expect, test } from "vitest";
import { LIMITS } from "../../../src/core/limits.ts";
import { parseSkPublicKey } from "../../../src/core/ssh-key.ts";
import { ALICE } from "../../factory/identities.ts";
import { publicKeyBlob, publicKeyLine, securityKey } from "../../factory/security-key.ts";
import { codeOf } from "../../factory/thrown.ts";

const KEY = securityKey(ALICE.seed);
const line = publicKeyLine(KEY);
const base64 = publicKeyBlob(KEY).toString("base64");

test.each([
  ["with a comment", line],
  ["with a newline", `${line}\n`],
  ["with a comment of several words", `${line} of Alice, 2026`],
  ["without a comment", `sk-ssh-ed25519@openssh.com ${base64}`],
])("%s: read", (_name, text) => {
  expect(parseSkPublicKey(text)).toBe(ALICE.key);
});

test.each([
  ["empty", "", "SSH_KEY_MALFORMED"],
  ["two lines", `${line}\n${line}\n`, "SSH_KEY_MALFORMED"],
  ["options", `no-touch-required ${line}`, "SSH_KEY_MALFORMED"],
  ["a space before it", ` ${line}`, "SSH_KEY_MALFORMED"],
  ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n", "SSH_KEY_MALFORMED"],
  ["too long a comment", `${line}${"x".repeat(LIMITS.sshTextCharactersMax)}`, "SSH_KEY_MALFORMED"],
  ["a byte after the key", lineOf(Buffer.concat([publicKeyBlob(KEY), Buffer.alloc(1)])), "SSH_KEY_MALFORMED"],
  ["a byte missing", lineOf(publicKeyBlob(KEY).subarray(0, -1)), "SSH_KEY_MALFORMED"],
  ["base64 that is not canonical", `sk-ssh-ed25519@openssh.com ${base64}=`, "BASE64_MALFORMED"],
  [
    "another application",
    publicKeyLine(securityKey(ALICE.seed, { application: "ssh:" })),
    "SSH_KEY_UNSUITABLE",
  ],
  [
    "a key without hardware",
    publicKeyLine(securityKey(ALICE.seed, { keyType: "ssh-ed25519" })),
    "SSH_KEY_UNSUITABLE",
  ],
  ["a type before it that its bytes belie", `ssh-ed25519 ${base64}`, "SSH_KEY_UNSUITABLE"],
])("%s: refused", (_name, text, code) => {
  expect(codeOf(() => parseSkPublicKey(text))).toBe(code);
});

test("refuses a key of small order, and one that is too short", () => {
  const small = Buffer.from(publicKeyBlob(KEY));
  small.fill(0, 34, 66);
  expect(codeOf(() => parseSkPublicKey(lineOf(small)))).toBe("PUBLIC_KEY_INVALID");
  const head = publicKeyBlob(KEY).subarray(0, 33);
  const short = Buffer.concat([head, Buffer.from([31]), publicKeyBlob(KEY).subarray(35)]);
  expect(codeOf(() => parseSkPublicKey(lineOf(short)))).toBe("PUBLIC_KEY_INVALID");
});

function lineOf(blob: Uint8Array): string {
  return `sk-ssh-ed25519@openssh.com ${Buffer.from(blob).toString("base64")} alice@desk`;
}
