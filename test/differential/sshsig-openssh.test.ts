/**
 * OpenSSH itself as the second implementation: ssh-keygen verifies what our software key signs, and makes, with that key
 * behind an agent, the files that we read. Where OpenSSH is laxer by design, the test says so.
 */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { CustodyError } from "../../src/core/errors.ts";
import { parseSkPublicKey } from "../../src/core/ssh-key.ts";
import { parseSshSignature, verifySk } from "../../src/core/sshsig.ts";
import { signedBytes, verifySignature } from "../../src/core/signature.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { ALICE, MALLORY, at, fixtureDigest } from "../factory/identities.ts";
import {
  armor,
  publicKeyBlob,
  publicKeyLine,
  securityKey,
  signatureBlob,
  sshSkSignature,
  tokenSignature,
  type Statement,
} from "../factory/security-key.ts";

const DIGEST = fixtureDigest("document");
const MESSAGE = signedBytes(DIGEST, ALICE.key, at("09:00:00"));
const KEY = securityKey(ALICE.seed);

const found = spawnSync("ssh-keygen", ["-?"]).error === undefined;
if (!found) {
  // In CI nothing may be left out.
  if (process.env["CI"] !== undefined) throw new Error("ssh-keygen is missing: install openssh-client");
  console.warn("skipped: no ssh-keygen on this machine; install openssh-client");
}

/** Whether OpenSSH accepts `file` over `message`, signed by the key of `allowed`. */
function opensshAccepts(
  file: string,
  { message = MESSAGE, allowed = publicKeyLine(KEY), namespace = "custody-signature-v1" } = {},
): boolean {
  const folder = temporaryFolder("sshsig");
  writeFileSync(join(folder, "allowed"), `alice ${allowed}\n`);
  writeFileSync(join(folder, "message.sig"), file);
  const options = ["-f", join(folder, "allowed"), "-I", "alice", "-n", namespace];
  const run = spawnSync("ssh-keygen", ["-Y", "verify", ...options, "-s", join(folder, "message.sig")], {
    input: message,
  });
  if (run.error !== undefined) throw run.error;
  return run.status === 0;
}

/** Whether we do: the file is read, names the key, and verifies. */
function weAccept(file: string, { message = MESSAGE, key = ALICE.key } = {}): boolean {
  try {
    const read = parseSshSignature(file);
    return read.key === key && verifySk(message, read.sig, key);
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}

const honest = armor(signatureBlob(MESSAGE, KEY));

describe.skipIf(!found)("ssh-keygen -Y verify and we agree", () => {
  test("on a signature over the 105 bytes of a document's signature", () => {
    expect(MESSAGE).toHaveLength(105);
    expect(opensshAccepts(honest)).toBe(true);
    expect(weAccept(honest)).toBe(true);
  });

  test.each([
    ["digest", signedBytes(fixtureDigest("other"), ALICE.key, at("09:00:00"))],
    ["key in the message", signedBytes(DIGEST, MALLORY.key, at("09:00:00"))],
    ["time", signedBytes(DIGEST, ALICE.key, at("09:00:01"))],
  ])("on another %s: refused", (_name, message) => {
    expect(opensshAccepts(honest, { message })).toBe(false);
    expect(weAccept(honest, { message })).toBe(false);
  });

  const lies: readonly (readonly [string, Partial<Statement>, Partial<Statement>])[] = [
    ["a flag taken away after signing", {}, { flags: 0x01 }],
    ["user verification claimed after signing", { flags: 0x01 }, { flags: 0x05 }],
    ["a counter changed after signing", {}, { counter: 8 }],
    ["another key's name on it", {}, { seed: MALLORY.seed }],
    ["another key's signature under ours", { seed: MALLORY.seed }, { seed: ALICE.seed }],
    ["a signature for git", { namespace: "git" }, {}],
    ["a signature for git, relabelled", { namespace: "git" }, { namespace: "custody-signature-v1" }],
    ["a hash relabelled", { hash: "sha256" }, { hash: "sha512" }],
    ["reserved bytes that were signed", { reserved: "x" }, {}],
    ["a version above ours", { version: 2 }, {}],
    ["an application relabelled", { application: "ssh:" }, { application: "ssh:custody" }],
    ["another application", { application: "ssh:" }, {}],
    ["another key type", { keyType: "ssh-ed25519" }, {}],
  ];
  test.each(lies)("on %s: refused", (_name, signed, written) => {
    const file = armor(signatureBlob(MESSAGE, { ...KEY, ...signed }, written));
    expect(opensshAccepts(file)).toBe(false);
    expect(weAccept(file)).toBe(false);
  });

  test("on bytes after the end: refused", () => {
    const file = armor(Buffer.concat([signatureBlob(MESSAGE, KEY), Buffer.from([0])]));
    expect(opensshAccepts(file)).toBe(false);
    expect(weAccept(file)).toBe(false);
  });
});

describe.skipIf(!found)("ssh-keygen accepts and we refuse", () => {
  test.each([
    ["no user verification", { flags: 0x01 }, {}],
    ["no touch", { flags: 0x04 }, {}],
    ["neither", { flags: 0x00 }, {}],
    ["a key that can be backed up", { flags: 0x0d }, {}],
    ["a weaker hash", { hash: "sha256" as const }, {}],
    ["reserved bytes, which are not signed", {}, { reserved: "x" }],
    ["version 0", {}, { version: 0 }],
  ])("%s", (_name, signed, written) => {
    const file = armor(signatureBlob(MESSAGE, { ...KEY, ...signed }, written));
    expect(opensshAccepts(file)).toBe(true);
    expect(weAccept(file)).toBe(false);
  });

  test("the key of another application, where its owner allowed it", () => {
    const other = securityKey(ALICE.seed, { application: "ssh:" });
    const file = armor(signatureBlob(MESSAGE, other));
    expect(opensshAccepts(file, { allowed: publicKeyLine(other) })).toBe(true);
    expect(weAccept(file)).toBe(false);
  });

  test("verify-required is no option of an allowed signers file, so the flags are ours alone to check", () => {
    expect(opensshAccepts(honest, { allowed: `verify-required ${publicKeyLine(KEY)}` })).toBe(false);
    expect(
      opensshAccepts(honest, { allowed: `namespaces="custody-signature-v1" ${publicKeyLine(KEY)}` }),
    ).toBe(true);
  });
});

describe.skipIf(!found)("what ssh-keygen writes", () => {
  test("a file that it signed with the key in an agent is read and verifies as a document's signature", async () => {
    const file = await signedThroughAgent(KEY);
    const { key, sig } = parseSshSignature(file);
    expect(key).toBe(ALICE.key);
    expect(verifySignature(DIGEST, { by: key, alg: "sshsig-sk", at: at("09:00:00"), sig })).toBe(true);
    expect(verifySignature(DIGEST, { by: key, alg: "sshsig-sk", at: at("09:00:01"), sig })).toBe(false);
    expect(file).toBe(honest);
  });

  test("its public key line is read, and has its fingerprint", () => {
    const file = join(temporaryFolder("sshsig"), "key.pub");
    writeFileSync(file, `${publicKeyLine(KEY)}\n`);
    expect(execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" })).toContain("(ED25519-SK)");
    const printed = execFileSync("ssh-keygen", ["-e", "-m", "RFC4716", "-f", file], { encoding: "utf8" });
    const blob = printed.split("\n").filter((line) => /^[A-Za-z0-9+/=]+$/.test(line));
    expect(parseSkPublicKey(`sk-ssh-ed25519@openssh.com ${blob.join("")}\n`)).toBe(ALICE.key);
  });
});

/** What `ssh-keygen -Y sign -n custody-signature-v1` writes for MESSAGE when an agent holds `key`. */
async function signedThroughAgent(key: Statement): Promise<string> {
  const folder = temporaryFolder("sshsig");
  const socket = join(folder, "agent");
  const agent = await listen(socket, key);
  try {
    writeFileSync(join(folder, "key.pub"), `${publicKeyLine(key)}\n`);
    writeFileSync(join(folder, "message"), MESSAGE);
    const run = promisify(execFile)(
      "ssh-keygen",
      ["-Y", "sign", "-n", "custody-signature-v1", "-f", join(folder, "key.pub")],
      { env: { ...process.env, SSH_AUTH_SOCK: socket } },
    );
    run.child.stdin?.end(MESSAGE);
    return (await run).stdout;
  } finally {
    agent.close();
  }
}

/** An SSH agent with one key: it lists it (message 11, answer 12) and signs with it (13, 14); draft-miller-ssh-agent. */
async function listen(socket: string, key: Statement): Promise<Server> {
  const uint32 = (value: number) => Buffer.from(value.toString(16).padStart(8, "0"), "hex");
  const string = (bytes: Uint8Array) => Buffer.concat([uint32(bytes.length), bytes]);
  const answer = (request: Buffer): Buffer => {
    if (request[0] === 11) {
      const identity = Buffer.concat([string(publicKeyBlob(key)), string(Buffer.from("alice@desk"))]);
      return Buffer.concat([Buffer.from([12]), uint32(1), identity]);
    }
    if (request[0] !== 13) return Buffer.from([5]);
    const start = 1 + 4 + request.readUInt32BE(1);
    const data = request.subarray(start + 4, start + 4 + request.readUInt32BE(start));
    return Buffer.concat([Buffer.from([14]), string(sshSkSignature(tokenSignature(data, key), key))]);
  };
  const server = createServer((connection) => {
    let received = Buffer.alloc(0);
    connection.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
        const length = received.readUInt32BE(0);
        connection.write(string(answer(received.subarray(4, 4 + length))));
        received = received.subarray(4 + length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}
