/**
 * The signer as it is released: the same bytes from two trees, a bill of materials of what is inside and nothing else,
 * and a build that fails when somebody opens a way out.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../factory/folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const PARTS = ["bin", "src", "signer", "scripts", "package.json", "package-lock.json", "tsconfig.json"];

/** What a clone of `from` has, with the packages that were installed here. */
function cloneTo(folder: string, from: string): string {
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(from, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function build(clone: string, out: string) {
  const script = join(clone, "scripts/build-signer.mjs");
  return spawnSync(process.execPath, [script, "--out", out], { cwd: clone, encoding: "utf8" });
}

/** Another person's machine: other language, time zone, mask of new files, working folder. */
function buildElsewhere(clone: string, out: string) {
  const script = join(clone, "scripts/build-signer.mjs");
  const args = ["-c", 'umask 077; exec "$@"', "sh", process.execPath, script, "--out", out];
  const env = { PATH: process.env["PATH"], HOME: out, TZ: "Asia/Kolkata", LC_ALL: "tr_TR.UTF-8" };
  return spawnSync("/bin/sh", args, {
    cwd: temporaryFolder("elsewhere"),
    encoding: "utf8",
    env: { ...env, NODE_ENV: "production" },
  });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

type Component = {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly "bom-ref": string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly unknown[];
};
type Bill = {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

const first = cloneTo(join(temporaryFolder("clone"), "one"), ROOT);
const second = cloneTo(join(temporaryFolder("clone"), "a", "deeper", "place"), first);
const [one, two] = [join(first, "out"), join(temporaryFolder("out"), "two")];
const fileOf = (folder: string, name: string) => readFileSync(join(folder, name));
let bill: Bill;

beforeAll(() => {
  expect(build(first, one)).toMatchObject({ status: 0, stderr: "" });
  expect(buildElsewhere(second, two)).toMatchObject({ status: 0, stderr: "" });
  bill = JSON.parse(fileOf(one, "custody-signer.cdx.json").toString()) as Bill;
}, 120_000);

describe("the released signer", () => {
  test("is the same to the byte from two clones in different places, by people with other settings", () => {
    for (const name of ["SHA256SUMS", "custody-signer.cjs", "custody-signer.cdx.json"])
      expect(fileOf(two, name).equals(fileOf(one, name)), name).toBe(true);
    const text = fileOf(one, "custody-signer.cjs").toString();
    for (const place of [first, second, ROOT]) expect(text).not.toContain(place);
  });

  test("comes with sums that are its own, and the node it was seen to run on", () => {
    expect(readdirSync(one).sort()).toEqual([
      ...["SHA256SUMS", "checked-with.txt", "custody-signer.cdx.json", "custody-signer.cjs"],
    ]);
    const sums = ["custody-signer.cdx.json", "custody-signer.cjs"].map(
      (name) => `${sha256(fileOf(one, name))}  ${name}\n`,
    );
    expect(fileOf(one, "SHA256SUMS").toString()).toBe(sums.join(""));
    const node = sha256(readFileSync(process.execPath));
    expect(fileOf(one, "checked-with.txt").toString()).toBe(
      `${process.versions.node} ${process.platform}-${process.arch} ${node}\n`,
    );
  });
});

describe("its bill of materials", () => {
  test("is CycloneDX 1.6 of this very file, without a time", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(bill.metadata.timestamp).toBeUndefined();
    expect(bill.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(bill.metadata.component.hashes).toEqual([
      { alg: "SHA-256", content: sha256(fileOf(one, "custody-signer.cjs")) },
    ]);
  });

  test("lists the packages whose code is in the file, and no other", () => {
    // Read from the file itself: esbuild writes the path of every module above its code.
    const text = fileOf(one, "custody-signer.cjs").toString();
    const inside = new Set(
      [...text.matchAll(/^ *\/\/ (node_modules\/\S+)$/gm)].map(
        ([, path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path as string)?.[1],
      ),
    );
    const named = bill.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`));
    expect([...new Set(named)].sort()).toEqual([...inside].sort());
    expect(inside.has("bip32") && !inside.has("better-sqlite3")).toBe(true);
  });

  test("gives each its version, package URL, licence and the hash that the lock has", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    for (const { group, name, version, purl, hashes, licenses } of bill.components) {
      expect(purl).toBe(`pkg:npm/${group === undefined ? "" : `%40${group.slice(1)}/`}${name}@${version}`);
      expect(licenses).toHaveLength(1);
      const [hash] = hashes;
      expect(hash?.alg).toBe("SHA-512");
      expect(lock).toContain(`sha512-${Buffer.from(hash?.content ?? "", "hex").toString("base64")}`);
    }
  });

  test("its dependencies lead from the program to every package", () => {
    const reached = new Set<string>();
    const visit = (ref: string) => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of bill.dependencies.find((one) => one.ref === ref)?.dependsOn ?? []) visit(next);
    };
    visit(bill.metadata.component["bom-ref"]);
    expect(bill.components.filter((one) => !reached.has(one["bom-ref"])).map(({ purl }) => purl)).toEqual([]);
  });
});

describe("the build fails, and names the file, when the signer could reach a network", () => {
  const main = join(second, "signer/main.ts");
  const whole = readFileSync(main, "utf8");
  const use = "(globalThis as Record<string, unknown>)['planted'] = planted;";

  test.each([
    ["a module", 'import * as planted from "node:net";', /signer\/main\.ts imports node:net/],
    ["the global fetch", "const planted = () => fetch('http://192.0.2.1');", /signer\/main\.ts uses fetch/],
    [
      "a module asked for at run time",
      "const planted = process.getBuiltinModule('tls');",
      /main\.ts uses getBuiltinModule/,
    ],
    [
      "the loader under another name",
      "declare const require: unknown; const planted = () => require;",
      /main\.ts uses require/,
    ],
    [
      "the loader of the file's own module",
      "declare const module: { require: (name: string) => unknown }; const planted = module.require('node:net');",
      /main\.ts uses (require|module)/,
    ],
    [
      "what is taken out of the global object and of process",
      "const { fetch: away } = globalThis; const planted = [away, (process as any)['binding']];",
      /main\.ts uses binding; .*main\.ts uses fetch/,
    ],
  ])("by %s", (_, line, says) => {
    writeFileSync(main, whole);
    appendFileSync(main, `\n${line}\n${use}\n`);
    const { status, stderr } = build(second, join(second, "planted"));
    expect(status).toBe(1);
    expect(stderr).toMatch(says);
  });

  test("and takes a method that is only called like one", () => {
    writeFileSync(main, whole);
    appendFileSync(
      main,
      `\nconst planted = { fetch: () => 1, prefetch() { return this.fetch(); } };\n${use}\n`,
    );
    expect(build(second, join(second, "planted"))).toMatchObject({ status: 0 });
  });
});
