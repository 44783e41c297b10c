import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { POLICY } from "../../../../src/core/policy/policy.ts";
import { makeCustody } from "../../../factory/custody.ts";
import { ALICE, at, fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import { PIN, pinnedHome, readyHome } from "../../../factory/signer-home.ts";

const PASS = ["--passphrase-file", "pass"];

describe("custody-signer policy", () => {
  test("a fully signed policy is pinned once, with every admin's fingerprint in full", async () => {
    const home = await readyHome();
    const { id } = home.custody;
    const wrong = PIN(id).map((word) => (word.startsWith("alice=") ? `alice=${MALLORY.key}` : word));
    expect(await home.run(wrong)).toMatchObject({ exit: 4, error: { code: "ADMIN_KEY_MISMATCH" } });
    const short = PIN(id).map((word) =>
      word.startsWith("alice=") ? `alice=${ALICE.key.slice(0, 16)}` : word,
    );
    expect(await home.run(short)).toMatchObject({ exit: 4, error: { code: "ADMIN_KEY_MISMATCH" } });
    expect(await home.run(PIN(fixtureDigest("another custody")))).toMatchObject({
      exit: 4,
      error: { code: "CONFIRM_MISMATCH" },
    });
    expect(await home.run(["policy", "show"])).toMatchObject({
      exit: 6,
      error: { code: "POLICY_NOT_PINNED" },
    });
    expect(await home.run(PIN(id))).toMatchObject({ exit: 0, data: { custody: id } });
    expect(await home.run(["policy", "show"])).toMatchObject({ exit: 0, data: { custody: id } });
    expect(await home.run(PIN(id))).toMatchObject({ exit: 6, error: { code: "POLICY_PINNED" } });
    expect(await home.run(["journal", "show"])).toMatchObject({ data: { time: at("08:00:00") } });
  });

  test("a policy that lacks a signature, or the signer's key, is not pinned", async () => {
    const home = await readyHome();
    const { policy, id } = home.custody;
    home.write("policy.json", documentBytes({ ...policy, signatures: policy.signatures.slice(1) }));
    expect(await home.run(PIN(id))).toMatchObject({ exit: 4, error: { code: "POLICY_UNSIGNED" } });
    const foreign = makeCustody().policy;
    home.write("policy.json", documentBytes(foreign));
    expect(await home.run(PIN(foreign.digest))).toMatchObject({
      exit: 4,
      error: { code: "SIGNER_NOT_NAMED" },
    });
    expect(
      await home.run(["policy", "prove", "--in", "policy.json", "--out", "p.json", ...PASS]),
    ).toMatchObject({
      exit: 4,
      error: { code: "SIGNER_NOT_NAMED" },
    });
  });

  test("a policy changed on disk after it was pinned is not believed", async () => {
    const home = await pinnedHome();
    const file = home.path("home/policy-regtest-1.json");
    const changed = readFileSync(file, "utf8").replace(
      '"absoluteUnitsMax":"100000"',
      '"absoluteUnitsMax":"900000"',
    );
    writeFileSync(file, changed);
    parseDocument(POLICY, new Uint8Array(readFileSync(file)));
    expect(await home.run(["policy", "show"])).toMatchObject({
      exit: 7,
      error: { code: "PINNED_POLICY_LOST" },
    });
  });

  test("a person at the terminal compares the words", async () => {
    const home = await readyHome();
    const pin = ["policy", "pin", "--in", "policy.json", ...PASS];
    const spaced = ALICE.key.toUpperCase().replace(/(.{4})/g, "$1 ");
    expect((await home.terminal(pin, [spaced, "n"])).exit).toBe(130);
    const pinned = await home.terminal(pin, [spaced, "y"]);
    expect(pinned).toMatchObject({ exit: 0 });
    expect(pinned.stderr).toContain("logbook");
  });
});
