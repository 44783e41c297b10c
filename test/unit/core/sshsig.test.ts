import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicKeyOf, sign, type PublicKey } from "../../../src/core/ed25519.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { fromHex, toHex } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { parseSshSignature, verifySk } from "../../../src/core/sshsig.ts";
import { signedBytes, verifySignature } from "../../../src/core/signature.ts";
import { ALICE, MALLORY, at, fixtureDigest } from "../../factory/identities.ts";
import {
  armor,
  compactSignature,
  publicKeyBlob,
  securityKey,
  signatureBlob,
  sshSkSignature,
  type Statement,
} from "../../factory/security-key.ts";
import { codeOf } from "../../factory/thrown.ts";

const DIGEST = fixtureDigest("document");
const MESSAGE = signedBytes(DIGEST, ALICE.key, at("09:00:00"));
const KEY = securityKey(ALICE.seed);
const SIG = compactSignature(MESSAGE, KEY);
const BLOB = signatureBlob(MESSAGE, KEY);

/** Written by ssh-keygen of OpenSSH 9.2p1 over MESSAGE (how: test/differential/sshsig-openssh.test.ts). */
const WRITTEN_BY_SSH_KEYGEN = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAFEAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAg+O8pO6
j9J8zRxj/u0gHGPvpYO56gOcM55+R6AsE6Wu8AAAALc3NoOmN1c3RvZHkAAAAUY3VzdG9k
eS1zaWduYXR1cmUtdjEAAAAAAAAABnNoYTUxMgAAAGcAAAAac2stc3NoLWVkMjU1MTlAb3
BlbnNzaC5jb20AAABABHsd7Hkb+PLytIDWTlwoYT9ENUmsAxzmzDxlG/R4JlmHO2vVUb+D
/9Y06K5aAS22fbw7Uxvg21Zky0w5AG9NBAUAAAAH
-----END SSH SIGNATURE-----
`;

describe("verifySk", () => {
  test("a document's signature by a security key verifies", () => {
    expect(SIG).toMatch(/^0500000007[0-9a-f]{128}$/);
    expect(verifySk(MESSAGE, SIG, ALICE.key)).toBe(true);
    expect(verifySignature(DIGEST, { by: ALICE.key, alg: "sshsig-sk", at: at("09:00:00"), sig: SIG })).toBe(
      true,
    );
  });

  test.each([
    ["digest", signedBytes(fixtureDigest("other"), ALICE.key, at("09:00:00")), ALICE.key],
    ["key in the message", signedBytes(DIGEST, MALLORY.key, at("09:00:00")), ALICE.key],
    ["time", signedBytes(DIGEST, ALICE.key, at("09:00:01")), ALICE.key],
    ["key", MESSAGE, MALLORY.key],
    ["key, of small order", MESSAGE, "00".repeat(32) as PublicKey],
  ])("not for another %s", (_name, message, key) => {
    expect(verifySk(message, SIG, key)).toBe(false);
  });

  test.each<[string, Partial<Statement>]>([
    ["namespace", { namespace: "file" }],
    ["application", { application: "ssh:" }],
    ["hash", { hash: "sha256" }],
    ["reserved field", { reserved: "x" }],
    ["seed", { seed: MALLORY.seed }],
  ])("not when the key truly signed another %s", (_name, signed) => {
    expect(verifySk(MESSAGE, compactSignature(MESSAGE, { ...KEY, ...signed }), ALICE.key)).toBe(false);
  });

  test("of the 256 flags that a key can truly sign, touch with user verification alone is accepted", () => {
    const accepted = [...Array(256).keys()].filter((flags) =>
      verifySk(MESSAGE, compactSignature(MESSAGE, { ...KEY, flags }), ALICE.key),
    );
    expect(accepted).toEqual([0x05]);
  });

  test("any counter is accepted if it was signed, and none that was not", () => {
    for (const counter of [0, 1, 0x7fffffff, 0xffffffff]) {
      expect(verifySk(MESSAGE, compactSignature(MESSAGE, { ...KEY, counter }), ALICE.key)).toBe(true);
    }
    expect(verifySk(MESSAGE, `0500000008${SIG.slice(10)}`, ALICE.key)).toBe(false);
  });

  test("no changed byte of the 69 is accepted", () => {
    for (let index = 0; index < 69; index++) {
      const changed = fromHex(SIG);
      changed[index] = (changed[index] as number) ^ (1 << (index % 8));
      expect(verifySk(MESSAGE, toHex(changed), ALICE.key)).toBe(false);
    }
  });

  test("S with the group order added is a second spelling, and refused", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${toHex(fromHex(SIG).slice(-32).reverse())}`) + order;
    const respelled = toHex(fromHex(s.toString(16).padStart(64, "0")).reverse());
    expect(verifySk(MESSAGE, SIG.slice(0, -64) + respelled, ALICE.key)).toBe(false);
  });

  test("neither algorithm's signature counts as the other's", () => {
    const plain = toHex(sign(MESSAGE, ALICE.seed));
    expect(verifySk(MESSAGE, `0500000007${plain}`, ALICE.key)).toBe(false);
    const stripped = { by: ALICE.key, alg: "ed25519" as const, at: at("09:00:00"), sig: SIG.slice(10) };
    expect(verifySignature(DIGEST, stripped)).toBe(false);
    expect(verifySignature(DIGEST, { ...stripped, sig: plain })).toBe(true);
  });

  test.each([
    ["empty", ""],
    ["short", SIG.slice(2)],
    ["long", `${SIG}00`],
    ["upper case", SIG.toUpperCase()],
    ["a newline after it", `${SIG}\n`],
    ["no hex", "x".repeat(138)],
  ])("a signature that is %s is false, not an exception", (_name, sig) => {
    expect(verifySk(MESSAGE, sig, ALICE.key)).toBe(false);
  });
});

describe("parseSshSignature", () => {
  test("reads what ssh-keygen wrote", () => {
    expect(parseSshSignature(WRITTEN_BY_SSH_KEYGEN)).toEqual({ key: ALICE.key, sig: SIG });
    expect(armor(BLOB)).toBe(WRITTEN_BY_SSH_KEYGEN);
  });

  test("reads for any key, message and counter what verifies", () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const counters = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 200 }), counters, (seed, message, counter) => {
        const { key, sig } = parseSshSignature(armor(signatureBlob(message, securityKey(seed, { counter }))));
        expect(key).toBe(publicKeyOf(seed));
        expect(verifySk(message, sig, key)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test.each<[string, Partial<Statement>, string, string]>([
    ["an earlier version", { version: 0 }, "SSH_SIGNATURE_UNSUITABLE", "version"],
    ["a later version", { version: 2 }, "SSH_SIGNATURE_UNSUITABLE", "version"],
    ["a namespace for files", { namespace: "file" }, "SSH_SIGNATURE_UNSUITABLE", "namespace"],
    ["no namespace", { namespace: "" }, "SSH_SIGNATURE_UNSUITABLE", "namespace"],
    [
      "our namespace and more",
      { namespace: "custody-signature-v10" },
      "SSH_SIGNATURE_UNSUITABLE",
      "namespace",
    ],
    ["reserved bytes", { reserved: "x" }, "SSH_SIGNATURE_UNSUITABLE", "reserved"],
    ["another hash", { hash: "sha256" }, "SSH_SIGNATURE_UNSUITABLE", "hash"],
    ["a key without hardware", { keyType: "ssh-ed25519" }, "SSH_KEY_UNSUITABLE", "key type"],
    [
      "a P-256 security key",
      { keyType: "sk-ecdsa-sha2-nistp256@openssh.com" },
      "SSH_KEY_UNSUITABLE",
      "key type",
    ],
    ["the application of SSH logins", { application: "ssh:" }, "SSH_KEY_UNSUITABLE", "application"],
    ["a touch without verification", { flags: 0x01 }, "SSH_USER_UNVERIFIED", "flags"],
    ["verification without touch", { flags: 0x04 }, "SSH_USER_UNVERIFIED", "flags"],
    ["a key that can be backed up", { flags: 0x0d }, "SSH_USER_UNVERIFIED", "flags"],
    ["extensions", { flags: 0x85 }, "SSH_USER_UNVERIFIED", "flags"],
  ])("refuses %s", (_name, signed, code, field) => {
    const file = armor(signatureBlob(MESSAGE, { ...KEY, ...signed }));
    expect(refusalOf(() => parseSshSignature(file))).toMatchObject({
      code,
      field,
      hint: expect.stringContaining("ssh-keygen -"),
    });
  });

  test("a terminal's control characters in a stranger's namespace are not repeated", () => {
    const file = armor(signatureBlob(MESSAGE, securityKey(ALICE.seed, { namespace: "\u001b[2Jok" })));
    expect(refusalOf(() => parseSshSignature(file)).message).toBe(
      'signature has namespace "⟨U+001B⟩[2Jok", expected "custody-signature-v1"',
    );
  });

  test("refuses every truncation, and bytes after the end", () => {
    for (let length = 0; length < BLOB.length; length++) {
      expect(codeOf(() => parseSshSignature(armor(BLOB.subarray(0, length))))).toBe(
        "SSH_SIGNATURE_MALFORMED",
      );
    }
    expect(codeOf(() => parseSshSignature(armor(Buffer.concat([BLOB, Buffer.alloc(1)]))))).toBe(
      "SSH_SIGNATURE_MALFORMED",
    );
  });

  test("refuses or fails to verify every changed byte", () => {
    for (let index = 0; index < BLOB.length; index++) {
      const changed = Buffer.from(BLOB);
      changed[index] = (changed[index] as number) ^ 0x01;
      let verified = false;
      try {
        const { key, sig } = parseSshSignature(armor(changed));
        verified = verifySk(MESSAGE, sig, key);
      } catch (error) {
        expect(error).toBeInstanceOf(CustodyError);
      }
      expect({ index, verified }).toEqual({ index, verified: false });
    }
  });

  test("refuses bytes after the key, and after or missing from the signature, inside their strings", () => {
    const signature = sshSkSignature(Buffer.alloc(64), KEY);
    for (const [key, sk] of [
      [Buffer.concat([publicKeyBlob(KEY), Buffer.alloc(1)]), signature],
      [publicKeyBlob(KEY), Buffer.concat([signature, Buffer.alloc(1)])],
      [publicKeyBlob(KEY), sshSkSignature(Buffer.alloc(63), KEY)],
      [publicKeyBlob(KEY), sshSkSignature(Buffer.alloc(65), KEY)],
    ] as const) {
      expect(codeOf(() => parseSshSignature(armor(assembled(key, sk))))).toBe("SSH_SIGNATURE_MALFORMED");
    }
    expect(parseSshSignature(armor(assembled(publicKeyBlob(KEY), signature))).key).toBe(ALICE.key);
  });

  test("refuses the signature of an unsound key", () => {
    const small = Buffer.from(publicKeyBlob(KEY));
    small.fill(0, 34, 66);
    const file = armor(assembled(small, sshSkSignature(Buffer.alloc(64), KEY)));
    expect(codeOf(() => parseSshSignature(file))).toBe("PUBLIC_KEY_INVALID");
  });

  test.each([
    ["as made", armor(BLOB)],
    ["lines of 76, as the specification has them", armor(BLOB, 76)],
    ["no newline at the end", armor(BLOB).trimEnd()],
  ])("armour, %s: read", (_name, file) => {
    expect(parseSshSignature(file).sig).toBe(SIG);
  });

  test.each([
    ["empty", "", "SSH_SIGNATURE_MALFORMED"],
    ["text before it", `hello\n${armor(BLOB)}`, "SSH_SIGNATURE_MALFORMED"],
    ["text after it", `${armor(BLOB)}hello`, "SSH_SIGNATURE_MALFORMED"],
    ["two signatures", armor(BLOB) + armor(BLOB), "SSH_SIGNATURE_MALFORMED"],
    ["a line too long", armor(BLOB, 77), "SSH_SIGNATURE_MALFORMED"],
    ["carriage returns", armor(BLOB).replaceAll("\n", "\r\n"), "SSH_SIGNATURE_MALFORMED"],
    ["an empty line", armor(BLOB).replace("\n", "\n\n"), "SSH_SIGNATURE_MALFORMED"],
    ["no footer", armor(BLOB).replace(/-----END.*/, ""), "SSH_SIGNATURE_MALFORMED"],
    ["the header of a PGP signature", armor(BLOB).replaceAll("SSH", "PGP"), "SSH_SIGNATURE_MALFORMED"],
    [
      "another magic",
      armor(Buffer.concat([Buffer.from("SSHSIH"), BLOB.subarray(6)])),
      "SSH_SIGNATURE_MALFORMED",
    ],
    ["padding in the middle", armor(BLOB).replace("U1NI", "U1N="), "BASE64_MALFORMED"],
    ["a long namespace", namespaceOf(LIMITS.sshTextCharactersMax / 2), "SSH_SIGNATURE_UNSUITABLE"],
    ["a longer file than we read", namespaceOf(LIMITS.sshTextCharactersMax), "SSH_SIGNATURE_MALFORMED"],
  ])("armour, %s: refused", (_name, file, code) => {
    expect(codeOf(() => parseSshSignature(file))).toBe(code);
  });
});

function namespaceOf(length: number): string {
  return armor(signatureBlob(MESSAGE, securityKey(ALICE.seed, { namespace: "x".repeat(length) })));
}

/** A signature file's bytes around a key and a signature of the test's own. */
function assembled(key: Uint8Array, signature: Uint8Array): Buffer {
  const fields = BLOB.subarray(10 + 4 + publicKeyBlob(KEY).length, -(4 + 103));
  const framed = [key, signature].map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, part]);
  });
  return Buffer.concat([BLOB.subarray(0, 10), framed[0] as Buffer, fields, framed[1] as Buffer]);
}

function refusalOf(act: () => unknown): CustodyError {
  try {
    act();
  } catch (error) {
    if (error instanceof CustodyError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
