import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = join(import.meta.dirname, "../../../scripts/setup");
/** The set-up scripts are plain JavaScript without types. */
const load = (file: string) =>
  import(join(scripts, file)) as Promise<Record<string, (...args: readonly unknown[]) => unknown>>;

describe("choice of bitcoind", async () => {
  const { parseVersion, parseCodename, rankMirrors, findBitcoind } = await load("bitcoind.mjs");
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "custody-setup-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (name: string, version: string) => {
    const path = join(folder, name, "bitcoind");
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho 'Bitcoin Core daemon version v${version}'\n`, { mode: 0o755 });
    return path;
  };

  test.each([
    ["Bitcoin Core version v25.0.0", 25],
    ["Bitcoin Core daemon version v31.1.0\nCopyright", 31],
    ["Bitcoin Knots daemon version v29.5.0.knots20260508", 29],
    ["Bitcoin Core version v0.21.1.0-gabc", 0],
    ["something else v31.0", 0],
    ["", 0],
  ])("version of %j", (text, version) => {
    expect(parseVersion?.(text)).toBe(version);
  });

  test("CUSTODY_BITCOIND before PATH before the cache; too old is passed over on PATH and refused when named", () => {
    const cached = install(".cache/bitcoind", "29.0");
    const old = install("old", "24.2");
    const recent = install("recent", "25.0");
    const named = install("named", "27.0");
    const PATH = `${join(folder, "old")}:${join(folder, "recent")}:/usr/bin:/bin`;
    const find = (env: object) => findBitcoind?.(folder, env);
    expect(find({ PATH, CUSTODY_BITCOIND: named })).toBe(named);
    expect(find({ PATH, CUSTODY_BITCOIND: "" })).toBe(recent);
    expect(find({ PATH: join(folder, "old") })).toBe(cached);
    expect(() => find({ PATH, CUSTODY_BITCOIND: old })).toThrow(/CUSTODY_BITCOIND.*25/);
    rmSync(join(folder, ".cache"), { recursive: true });
    expect(find({ PATH: join(folder, "old") })).toBeUndefined();
  });

  test("the distribution's own mirror is told from other makers' and from the security archive", () => {
    const listing = [
      "http://security.example/debian-security/ bookworm-security",
      "https://maker.example/linux/debian/ bookworm",
      "http://mirror.example/debian/ bookworm",
      "http://mirror.example/debian/ bookworm",
      "http://mirror.example/debian/ bookworm-updates",
      "https://other.example/ nodistro",
      "",
    ].join("\n");
    expect(rankMirrors?.(listing, "bookworm")).toEqual([
      "http://mirror.example/debian/",
      "https://maker.example/linux/debian/",
    ]);
    expect(rankMirrors?.(listing, "noble")).toEqual([]);
    expect(parseCodename?.('ID=debian\nVERSION_CODENAME="bookworm"\n')).toBe("bookworm");
    expect(parseCodename?.("ID=arch\n")).toBe("an unnamed release");
  });
});

describe("stamps", async () => {
  const { sourcesFingerprint, packagesFingerprint } = await load("stamp.mjs");
  const { parseHeaderVersion } = await load("packages.mjs");
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "custody-stamp-"));
    mkdirSync(join(root, "src", "core"), { recursive: true });
    writeFileSync(join(root, "src", "core", "a.ts"), "1");
    writeFileSync(join(root, "package-lock.json"), "{}");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("nothing changed: the same; edited, renamed, touched, deleted or added: another", () => {
    const file = join(root, "src", "core", "a.ts");
    const seen = [sourcesFingerprint?.(root)];
    expect(sourcesFingerprint?.(root)).toBe(seen[0]);
    const steps = [
      () => writeFileSync(file, "22"),
      () => utimesSync(file, 1_000_000_000, 1_000_000_000),
      () => renameSync(file, join(root, "src", "core", "b.ts")),
      () => writeFileSync(file, "1"),
      () => rmSync(file),
      () => rmSync(join(root, "src"), { recursive: true }),
    ];
    const all = steps.map((step) => (step(), sourcesFingerprint?.(root)));
    const distinct = new Set([...seen, ...all]);
    // Adding a file and deleting it again leads back to the state between.
    expect(distinct.size).toBe(steps.length);
  });

  test("packages depend on the lock file's bytes", () => {
    const before = packagesFingerprint?.(root);
    writeFileSync(join(root, "package-lock.json"), "{ }");
    expect(packagesFingerprint?.(root)).not.toBe(before);
  });

  test("headers are accepted for the very version that runs", () => {
    const text =
      "#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 2\n";
    expect(parseHeaderVersion?.(text)).toBe("20.20.2");
    expect(parseHeaderVersion?.("")).toBe("?.?.?");
  });

  test("the scripts name no host", () => {
    for (const file of ["bitcoind.mjs", "packages.mjs", "lock.mjs", "run.mjs", "stamp.mjs", "../setup.mjs"]) {
      expect(readFileSync(join(scripts, file), "utf8")).not.toMatch(/https?:\/\//);
    }
  });
});

test("contracts in wasm are those of their sources: npm run contracts", async () => {
  const { sorobanFingerprint } = await load("stamp.mjs");
  const root = join(import.meta.dirname, "../../..");
  const sources = ["contracts/Cargo.toml", "contracts/Cargo.lock", "contracts/router"];
  const built = readFileSync(join(root, "test/soroban-host/contracts/built/SOURCES"), "utf8");
  expect(sorobanFingerprint?.(root, ...sources)).toBe(built.trim());
});
