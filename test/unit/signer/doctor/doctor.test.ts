import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { examine } from "../../../../signer/commands/doctor.ts";
import type { Check } from "../../../../signer/doctor/check.ts";
import type { Machine } from "../../../../signer/doctor/machine.ts";
import { programCheck } from "../../../../signer/doctor/program.ts";
import { signerProgram } from "../../../../signer/main.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { buildOf, installed, newProgram } from "../../../factory/builds.ts";
import { policyBody } from "../../../factory/documents.ts";
import { ALICE, at, fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import { fakeIo } from "../../../factory/io.ts";
import { pinnedHome, type SignerHome } from "../../../factory/signer-home.ts";

const SOUND: Machine = {
  addressed: [],
  links: { lo: "0x9" },
  swaps: "Filename Type Size Used Priority\n",
  limits: "Max core file size        0                    unlimited            bytes\n",
  corePattern: "core\n",
  loads: [],
};

describe("the program that runs", () => {
  const program = installed();
  const custody = fixtureDigest("custody");
  const build = buildOf(custody, program, program.file, [ALICE]);
  const policy = policyBody();

  test("is well when it is the one whose build is pinned, on its node", () => {
    expect(programCheck(program, build, policy)).toMatchObject({ result: "ok" });
  });

  test("without a pinned build nothing is known of it", () => {
    expect(programCheck(program, undefined, policy)).toMatchObject({ result: "warning" });
  });

  test("of which a byte was changed it fails, and so on another node", () => {
    const changed = { ...program, file: newProgram("the program of version 1.2.1") };
    expect(programCheck(changed, build, policy)).toMatchObject({ result: "failed" });
    const node = { ...program, nodeFile: newProgram("another node") };
    expect(programCheck(node, build, policy)).toMatchObject({ result: "failed" });
    expect(programCheck({ ...program, file: "/nowhere/at/all" }, build, policy).result).toBe("failed");
  });

  test("is no longer vouched for when the policy knows other admins", () => {
    const identities = policy.identities.map((one) =>
      one.key === ALICE.key ? { ...one, key: MALLORY.key } : one,
    );
    const check = programCheck(program, build, { ...policy, identities });
    expect(check).toMatchObject({ result: "warning" });
    expect(check.says).toContain("admins: 0 of 1");
  });
});

describe("doctor", () => {
  let home: SignerHome & { readonly custody: { readonly id: ReturnType<typeof fixtureDigest> } };
  const program = installed();

  beforeAll(async () => {
    home = await pinnedHome();
  });
  afterEach(() => {
    rmSync(kept(), { force: true });
    chmodSync(join(home.folder, "home"), 0o700);
  });

  const kept = () => join(home.folder, "home", "build-regtest.json");

  async function examined(facts: Machine, now = at("09:30:00")) {
    const { io } = fakeIo({ cwd: home.folder, now });
    const call = { io, program: signerProgram, args: [], flags: {}, json: true, dryRun: false };
    const outcome = await examine({ ...call, home: join(home.folder, "home") }, facts, program);
    const { checks } = outcome.data as unknown as { readonly checks: readonly Check[] };
    return {
      outcome,
      of: (result: Check["result"]) => checks.filter((one) => one.result === result).map(({ name }) => name),
    };
  }

  const keep = (bytes: Uint8Array) => writeFileSync(kept(), bytes, { mode: 0o600 });

  test("a sound signer with its build pinned has nothing to warn of", async () => {
    keep(documentBytes(buildOf(home.custody.id, program, program.file, [ALICE])));
    const { outcome, of } = await examined(SOUND);
    expect(of("ok")).toEqual([
      ...["permissions", "journal", "policy", "program", "clock", "start", "network", "swap", "core dumps"],
    ]);
    expect(outcome.warnings).toEqual([]);
    expect(outcome.failure).toBeUndefined();
  });

  test("what is forgotten about the machine warns, and leaves the signer fit", async () => {
    const { outcome, of } = await examined({
      addressed: ["eth0"],
      links: undefined,
      swaps: undefined,
      limits: undefined,
      corePattern: undefined,
      loads: ["--inspect"],
    });
    expect(of("warning")).toEqual(["program", "start", "network", "swap", "core dumps"]);
    expect(outcome.failure).toBeUndefined();
  });

  test("a signature by somebody without a right sets no clock: it is not believed when the build was made", async () => {
    const honest = buildOf(home.custody.id, program, program.file, [ALICE]);
    const late = { ...honest.signatures[0], by: MALLORY.key, at: at("23:00:00") } as never;
    keep(documentBytes({ ...honest, signatures: [...honest.signatures, late] }));
    expect((await examined(SOUND)).of("warning")).toEqual([]);
    expect((await examined(SOUND, at("08:40:00"))).of("warning")).toEqual(["clock"]);
  });

  test("a kept build that cannot be read fails", async () => {
    keep(Buffer.from("{}"));
    const { outcome, of } = await examined(SOUND);
    expect(of("failed")).toEqual(["home"]);
    expect(outcome.failure).toMatchObject({ code: "SIGNER_UNSOUND" });
  });

  test("a home that others may read fails", async () => {
    chmodSync(join(home.folder, "home"), 0o755);
    expect((await examined(SOUND)).of("failed")).toEqual(["permissions"]);
  });
});
