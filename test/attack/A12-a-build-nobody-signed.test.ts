/** Whoever carries a new signer program to the machine brings one of his own, an old one, or one for another house. */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { check } from "../../signer/commands/build/check.ts";
import { pin } from "../../signer/commands/build/pin.ts";
import { siteOf } from "../../signer/commands/build/read.ts";
import { homeOfCall } from "../../signer/keystore/home.ts";
import { keystoreVersion } from "../../signer/program/pinned.ts";
import { signerProgram } from "../../signer/main.ts";
import type { BuildDocument } from "../../src/core/documents/build.ts";
import { documentBytes } from "../../src/core/document.ts";
import type { ProgramVersion } from "../../src/core/program-version.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Call } from "../../src/terminal/command.ts";
import type { Running } from "../../src/terminal/running.ts";
import { buildOf, installed, newProgram } from "../factory/builds.ts";
import { policyBody } from "../factory/documents.ts";
import { ALICE, at, type Cast, castMember, fixtureDigest, MALLORY, OSCAR } from "../factory/identities.ts";
import { fakeIo } from "../factory/io.ts";
import { ADA, named } from "../factory/policies.ts";
import { pinnedHome, type SignerHome } from "../factory/signer-home.ts";
import { codeOfAsync } from "../factory/thrown.ts";

const BORIS = castMember("boris", "Boris Builder");
const version = (text: string) => text as ProgramVersion;

type Place = SignerHome & { readonly custody: { readonly id: ReturnType<typeof fixtureDigest> } };
let home: Place;
let builders: Place;

/** Two admins, both of whom are needed; with `build` also a build key. */
async function house(build: number): Promise<Place> {
  const identities = [...policyBody().identities, named(ADA, "admin")];
  if (build > 0) identities.push(named(BORIS, "build"));
  const quorums = { ...policyBody().quorums, admin: 2, build };
  const more = build > 0 ? [ADA, BORIS] : [ADA];
  const admins = ["--admin", `${ADA.name}=${ADA.key}`];
  return pinnedHome({ identities, quorums }, more, admins);
}

beforeAll(async () => {
  [home, builders] = [await house(0), await house(1)];
});

const program = installed();
const file = newProgram("the program of version 1.3.0");
const good = (place = home, signers = [ALICE, ADA], changes = {}) =>
  buildOf(place.custody.id, program, file, signers, changes);

function callFor(place: Place, build: BuildDocument, flags: Call["flags"], now?: Instant): Call {
  place.write("build.json", documentBytes(build));
  const { io } = fakeIo({ cwd: place.folder, now: now ?? at("09:30:00") });
  return {
    io,
    program: signerProgram,
    args: [],
    flags: { in: "build.json", ...flags },
    home: join(place.folder, "home"),
    json: true,
    dryRun: false,
  };
}

/** What the installed signer says of a new file. */
const judged = (
  build: BuildDocument,
  more: { flags?: Call["flags"]; place?: Place; running?: Running; now?: Instant } = {},
) =>
  codeOfAsync(() =>
    check(callFor(more.place ?? home, build, { file, ...more.flags }, more.now), more.running ?? program),
  );

/** What the program at `running` says when it is to be pinned. */
const pinned = (build: BuildDocument, running: Running, place = home) =>
  codeOfAsync(() => pin(callFor(place, build, {}), running));

describe("A12: the installed signer refuses a program", () => {
  test("of which one byte was changed after the admins signed, and takes the one they signed", async () => {
    const changed = newProgram(readFileSync(file, "utf8"));
    appendFileSync(changed, " ");
    expect(await judged(good(), { flags: { file: changed } })).toBe("BUILD_FILE_DIFFERS");
    expect(await judged(good())).toBe("none");
  });

  test("that is a link to the right file, which leads elsewhere once it is installed, or a pipe", async () => {
    const link = join(dirname(newProgram("beside it")), "link.cjs");
    symlinkSync(file, link);
    expect(await judged(good(), { flags: { file: link } })).toBe("BUILD_FILE_IS_LINK");
    const pipe = join(dirname(link), "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(await judged(good(), { flags: { file: pipe } })).toBe("FILE_UNUSABLE");
    expect(await judged(good(), { flags: { file: newProgram(readFileSync(file, "utf8")) } })).toBe("none");
  });

  test("that one admin alone signed, where two are needed; twice by one person is one", async () => {
    expect(await judged(good(home, [ALICE]))).toBe("BUILD_UNSIGNED");
    expect(await judged(good(home, [ALICE, ALICE]))).toBe("DOCUMENT_MALFORMED");
    expect(await judged(good(home, [ALICE, MALLORY, OSCAR]))).toBe("BUILD_UNSIGNED");
    expect(await judged(good(home, [ALICE, ADA]))).toBe("none");
  });

  test("whose signatures were made under another build", async () => {
    const swapped = { ...good(home, [], { keystore: 2 }), signatures: good().signatures };
    expect(await judged(swapped)).toBe("BUILD_UNSIGNED");
  });

  test("that build keys alone signed, or the admins without them where the policy asks for both", async () => {
    expect(await judged(good(builders, [BORIS]), { place: builders })).toBe("BUILD_UNSIGNED");
    expect(await judged(good(builders, [ALICE, ADA]), { place: builders })).toBe("BUILD_UNSIGNED");
    expect(await judged(good(builders, [ALICE, ADA, BORIS]), { place: builders })).toBe("none");
  });

  test("older than the one that runs; the same version again is no step back", async () => {
    const signers = [ALICE, ADA];
    expect(await judged(good(home, signers, { program: version("1.1.9") }))).toBe("BUILD_OLDER");
    expect(await judged(good(home, signers, { program: version("1.2.0") }))).toBe("none");
    expect(await judged(good(home, signers, { program: version("1.10.0") }))).toBe("none");
  });

  test("of another custody, though the same admins signed it", async () => {
    const foreign = good(home, [ALICE, ADA], { custody: fixtureDigest("another custody") });
    expect(await judged(foreign)).toBe("DOCUMENT_WRONG_CUSTODY");
    expect(await judged(good(home, [ALICE, ADA], { network: "mainnet" }))).toBe("DOCUMENT_WRONG_NETWORK");
    expect(await judged(good(home, [ALICE, ADA], { network: "regtest" }))).toBe("none");
  });

  test("that cannot open the keys of this home", async () => {
    expect(await judged(good(home, [ALICE, ADA], { keystore: 2 }))).toBe("BUILD_CANNOT_OPEN_KEYS");
    expect(await judged(good(home, [ALICE, ADA], { keystore: 1 }))).toBe("none");
  });

  test("when it would run on a node that nobody signed for", async () => {
    const node = newProgram("another node");
    expect(await judged(good(), { flags: { node } })).toBe("BUILD_NODE_DIFFERS");
    expect(await judged(good(), { running: { ...program, nodeFile: node } })).toBe("BUILD_NODE_DIFFERS");
    expect(await judged(good(), { running: { ...program, platform: "linux-arm64" } })).toBe(
      "BUILD_NODE_DIFFERS",
    );
    expect(await judged(good(), { flags: { node: program.nodeFile } })).toBe("none");
  });

  test("when the policy that names the admins has expired", async () => {
    expect(await judged(good(), { now: "2028-01-01T00:00:00Z" as Instant })).toBe("BUILD_POLICY_EXPIRED");
    expect(await judged(good(), { now: policyBody().expires })).toBe("none");
  });

  test("from sources, which have no version to be older than", async () => {
    expect(await judged(good(), { running: { ...program, version: "unbuilt" } })).toBe(
      "PROGRAM_VERSION_MALFORMED",
    );
  });

  test("that is an executable for another platform; for this one it is taken with its node inside", async () => {
    const executable = newProgram("node with the program inside");
    const named = (platform: string) =>
      good(home, [ALICE, ADA], { executables: [{ platform, ...program.sumOf(executable) }] });
    const running = { ...program, nodeFile: newProgram("another node") };
    const asked = (platform: string) => judged(named(platform), { flags: { file: executable }, running });
    expect(await asked("linux-arm64")).toBe("BUILD_FILE_DIFFERS");
    expect(await asked("linux-x64")).toBe("none");
  });
});

describe("A12: what is pinned is what runs, and never goes back", () => {
  const release = (text: string, file: string, changes = {}) =>
    buildOf(home.custody.id, program, file, [ALICE, ADA], { program: version(text), ...changes });
  const at13 = { ...program, file: newProgram("the program of version 1.3.0"), version: "1.3.0" };

  test("a build of another file, or of another version than the program's own, is not pinned", async () => {
    expect(await pinned(release("1.3.0", program.file), at13)).toBe("BUILD_FILE_DIFFERS");
    // With a number of its own choice a build would shut out every release up to that number.
    expect(await pinned(release("9.0.0", at13.file), at13)).toBe("BUILD_FILE_DIFFERS");
    expect(await pinned(release("1.3.0", at13.file), at13)).toBe("none");
  });

  test("afterwards an old program refuses the build it was released with, and another file the same number", async () => {
    expect(await pinned(release("1.3.0", at13.file), at13)).toBe("none");
    expect(await pinned(release("1.2.0", program.file), program)).toBe("BUILD_OLDER");
    const other = { ...at13, file: newProgram("a program that says it is 1.3.0") };
    expect(await pinned(release("1.3.0", other.file), other)).toBe("BUILD_OLDER");
    const node = { platform: "linux-arm64", version: version("20.20.2"), sha256: fixtureDigest("node") };
    const forMore = release("1.3.0", at13.file);
    const nodes = [...forMore.body.nodes, node];
    expect(await pinned(release("1.3.0", at13.file, { nodes }), at13)).toBe("none");
    const at14 = { ...program, file: newProgram("the program of version 1.4.0"), version: "1.4.0" };
    expect(await pinned(release("1.4.0", at14.file), at14)).toBe("none");
  });

  test("nothing is pinned that lacks a signature or runs on another node, and a dry run keeps nothing", async () => {
    const place = await house(0);
    const running = { ...program, file: newProgram("the program of version 1.3.0"), version: "1.3.0" };
    const signedBy = (signers: readonly Cast[]) => buildOf(place.custody.id, program, running.file, signers);
    const kept = join(place.folder, "home", "build-regtest.json");
    expect(await pinned(signedBy([ALICE]), running, place)).toBe("BUILD_UNSIGNED");
    const elsewhere = { ...running, nodeFile: newProgram("another node") };
    expect(await pinned(signedBy([ALICE, ADA]), elsewhere, place)).toBe("BUILD_NODE_DIFFERS");
    await pin({ ...callFor(place, signedBy([ALICE, ADA]), {}), dryRun: true }, running);
    expect(existsSync(kept)).toBe(false);
    expect(await pinned(signedBy([ALICE, ADA]), running, place)).toBe("none");
    expect(existsSync(kept)).toBe(true);
  });

  test("a home is as old as the oldest of its files, and its time never behind its journal", async () => {
    const place = await house(0);
    const call = callFor(place, good(place), {}, "2026-01-01T00:00:00Z" as Instant);
    const own = homeOfCall(call);
    expect(siteOf(call, own, program).now > call.io.now()).toBe(true);
    mkdirSync(own.seedsFolder, { recursive: true });
    const seed = (name: string, text: string) => writeFileSync(join(own.seedsFolder, name), text);
    expect(keystoreVersion(own)).toBe(1);
    seed("new-regtest.json", '{"version":3}');
    expect(keystoreVersion(own)).toBe(1);
    seed("old-regtest.json", '{"kind":"seed"}');
    expect(keystoreVersion(own)).toBe(0);
  });

  test("a kept build that cannot be read is not taken for none", async () => {
    const kept = join(home.folder, "home", "build-regtest.json");
    const whole = readFileSync(kept);
    writeFileSync(kept, whole.subarray(1));
    expect(await judged(release("2.0.0", file))).toBe("PINNED_BUILD_BROKEN");
    writeFileSync(kept, whole);
    expect(await judged(release("2.0.0", file))).toBe("none");
  });
});
