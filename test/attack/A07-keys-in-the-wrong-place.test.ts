import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { main } from "../../src/commands/main.ts";
import { documentBytes, makeDocument } from "../../src/core/document.ts";
import { DELEGATION } from "../../src/core/documents/delegation.ts";
import { utf8 } from "../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../src/core/identity-file.ts";
import type { Instant } from "../../src/core/instant.ts";
import { policyDocument } from "../../src/core/policy/policy.ts";
import { delegation, genesisPolicy, policyBody } from "../factory/documents.ts";
import { fixtureBytes, OSCAR } from "../factory/identities.ts";
import { fakeIo } from "../factory/io.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A desk in a folder of its own that holds `files`. */
function deskWith(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), "custody-desk-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return {
    has: (name: string) => existsSync(join(folder, name)),
    run: async (...args: string[]) => {
      const fake = fakeIo({ cwd: folder, argv: [...args, "--json", "--home", folder] });
      await main(fake.io);
      const { error } = JSON.parse(fake.stdout()) as { error?: { code: string } };
      return error?.code ?? "none";
    },
  };
}

describe("A07: a person's key is not made beside a database", () => {
  const make = (network: string) => [
    "identity",
    "new",
    "eve",
    "--network",
    network,
    "--person",
    "Eve E",
    "--out",
    "eve.key",
    "--passphrase-file",
    "pass",
  ];

  test("on mainnet it is refused in the online home, and nothing is written", async () => {
    const online = deskWith({ "custody-mainnet.db": "", pass: "a long fixture passphrase\n" });
    expect(await online.run(...make("mainnet"))).toBe("IDENTITY_ON_ONLINE_HOST");
    expect(online.has("eve.key")).toBe(false);
  });

  test("in a home of its own it is made; on regtest anywhere", async () => {
    const own = deskWith({ pass: "a long fixture passphrase\n" });
    expect(await own.run(...make("mainnet"))).toBe("none");
    const regtest = deskWith({ "custody-regtest.db": "", pass: "a long fixture passphrase\n" });
    expect(await regtest.run(...make("regtest"))).toBe("none");
  });
});

describe("A07: nor is it opened there", () => {
  const bare = policyBody();
  const draft = policyDocument({ ...bare, network: "mainnet" });
  const sign = [
    "desk",
    "sign",
    "policy.json",
    "--as",
    "policy",
    "--identity",
    "alice.key",
    "--out",
    "out.json",
  ];
  const files = { "policy.json": documentBytes(draft), pass: "a long fixture passphrase\n" };
  const confirmed = [...sign, "--confirm", draft.digest, "--passphrase-file", "pass"];

  test("in the online home it is refused before anything is asked", async () => {
    const online = deskWith({ ...files, "custody-mainnet.db": "" });
    expect(await online.run(...confirmed)).toBe("IDENTITY_ON_ONLINE_HOST");
    const hard = confirmed.map((word) => (word === "--identity" ? "--security-key" : word));
    expect(await online.run(...hard)).toBe("IDENTITY_ON_ONLINE_HOST");
  });

  test("in a home of its own it is looked at", async () => {
    expect(await deskWith(files).run(...confirmed)).toBe("POLICY_INCONSISTENT");
  });
});

describe("A08: an operator does not lend the right to ask for longer than a day", () => {
  const sign = async (expires: string) => {
    const policy = genesisPolicy();
    const { body } = delegation({ custody: policy.digest, expires: expires as Instant });
    const draft = makeDocument(DELEGATION, body);
    const oscar = makeIdentity(OSCAR.name, OSCAR.person, Uint8Array.from(OSCAR.seed));
    const random = { salt: fixtureBytes("s").subarray(0, 16), nonce: fixtureBytes("n").subarray(0, 12) };
    const desk = deskWith({
      "desk-policy.json": documentBytes(policy),
      "delegation.json": documentBytes(draft),
      "oscar.key": sealIdentity(oscar, "regtest", utf8("fixture oscar"), random),
      pass: "fixture oscar\n",
    });
    const flags = ["--as", "delegate", "--identity", "oscar.key", "--confirm", draft.digest];
    return desk.run(
      "desk",
      "sign",
      "delegation.json",
      ...flags,
      "--out",
      "out.json",
      "--passphrase-file",
      "pass",
    );
  };

  test("a delegation of ten years is not signed, one of a day is", async () => {
    expect(await sign("2036-11-22T08:00:00Z")).toBe("DELEGATION_TOO_LONG");
    expect(await sign("2026-11-23T08:00:01Z")).toBe("DELEGATION_TOO_LONG");
    expect(await sign("2026-11-23T08:00:00Z")).toBe("none");
  });
});
