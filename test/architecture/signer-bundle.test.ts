/**
 * The signer's one file can reach no network: what is in it, which names it uses, and what happens when it runs where
 * there is nothing beside it and every way out is trapped. The lists here are written again on purpose: a mistake in
 * the build's own list must not hide itself.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../factory/folder.ts";

const ROOT = join(import.meta.dirname, "../..");
const FORBIDDEN =
  /^(node:)?(net|tls|dns|dgram|http|https|http2|child_process|cluster|worker_threads|inspector|vm|repl|wasi|undici)(\/|$)/;
/** Ways out that need no import on Node 20. */
const NAMES =
  /process\.binding\s*\(|\bprocess\.(getBuiltinModule|_linkedBinding|dlopen)\b|\bglobalThis\.fetch\b|(?<![.\w])fetch\s*\(|\bWebSocket\b|\bXMLHttpRequest\b|\bEventSource\b/;

type Metafile = {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { path: string; external?: boolean }[] }>
  >;
  readonly outputs: Readonly<Record<string, { readonly imports: readonly { path: string }[] }>>;
};

const folder = temporaryFolder("bundle");
const program = join(folder, "custody-signer.cjs");
let meta: Metafile;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "--signer-only", folder], { cwd: ROOT });
  meta = JSON.parse(readFileSync(join(folder, "custody-signer.meta.json"), "utf8")) as Metafile;
}, 60_000);

/** Runs the bundle in an empty folder with fetch and process.binding trapped. */
function run(args: readonly string[], prefix: readonly string[] = []) {
  const empty = temporaryFolder("empty");
  const trap = join(folder, "trap.mjs");
  const refuse = (name: string) => `() => { throw new Error("trapped ${name}"); }`;
  writeFileSync(
    trap,
    `globalThis.fetch = ${refuse("fetch")};\nprocess.binding = ${refuse("process.binding")};\nprocess.dlopen = ${refuse("process.dlopen")};\n`,
  );
  const [command = process.execPath, ...rest] = [
    ...prefix,
    process.execPath,
    "--import",
    trap,
    program,
    ...args,
  ];
  const { status, stdout, stderr } = spawnSync(command, rest, {
    cwd: empty,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: empty },
  });
  return { status, stdout, stderr, left: readdirSync(empty) };
}

describe("the signer's bundle", () => {
  test("is made of core, chains, airgap, terminal and signer alone", () => {
    const ours = Object.keys(meta.inputs).filter((path) => !path.includes("node_modules/"));
    const stray = ours.filter(
      (path) => !/^(bin\/signer\.ts|signer\/|src\/(core|chains|airgap|terminal)\/|forbidden:)/.test(path),
    );
    expect(ours.length).toBeGreaterThan(80);
    expect(stray).toEqual([]);
  });

  test("imports no module through which bytes could leave", () => {
    const external = Object.values(meta.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(external.length).toBeGreaterThan(3);
    expect(external.filter((path) => !builtinModules.includes(path.replace(/^node:/, "")))).toEqual([]);
    expect(external.filter((path) => FORBIDDEN.test(path))).toEqual([]);
  });

  test("the rule finds what it looks for", () => {
    expect(
      ["net", "node:https", "dns/promises", "node:child_process"].every((name) => FORBIDDEN.test(name)),
    ).toBe(true);
    expect(["node:fs", "node:crypto", "node:os"].some((name) => FORBIDDEN.test(name))).toBe(false);
    expect(NAMES.test("await fetch(url)") && NAMES.test('process.binding("tcp_wrap")')).toBe(true);
    expect(NAMES.test('process.getBuiltinModule("net")')).toBe(true);
    expect(NAMES.test("this.prefetch(1); repository.fetch(1)")).toBe(false);
  });

  test("what a package drags in is replaced by something that throws", () => {
    const stubs = Object.keys(meta.inputs).filter((path) => path.startsWith("forbidden:"));
    expect(stubs).toEqual(["forbidden:node:child_process"]);
    expect(readFileSync(program, "utf8")).toContain("node:child_process is not in this program");
  });

  test("names no global way out, in our code or in a package's", () => {
    const files = Object.keys(meta.inputs).filter((path) => !path.startsWith("forbidden:"));
    const naming = files.filter((path) => NAMES.test(readFileSync(join(ROOT, path), "utf8")));
    expect(naming).toEqual([]);
  });

  test("runs alone in an empty folder, with every global way out trapped", () => {
    const version = run(["--version", "--json"]);
    expect(version).toMatchObject({ status: 0, left: [] });
    expect(JSON.parse(version.stdout)).toMatchObject({ ok: true, data: { name: "custody-signer" } });
    const help = run(["help", "exit-codes"]);
    expect(help.stdout).toContain("130");
    const nobody = run(["keys", "list", "--json", "--home", "nowhere"]);
    expect(JSON.parse(nobody.stdout)).toMatchObject({ ok: false, error: { code: "SIGNER_MISSING" } });
    expect(nobody).toMatchObject({ status: 5, left: [] });
  });

  test("makes a signer and a seed there: nothing that it needs lies beside it", () => {
    const passphrase = join(folder, "pass");
    writeFileSync(passphrase, "regtest bundle test\n");
    const home = join(temporaryFolder("home"), "home");
    const with_ = (...args: string[]) =>
      run([...args, "--passphrase-file", passphrase, "--home", home, "--json"]);
    expect(with_("init", "--network", "regtest", "--name", "signer-1")).toMatchObject({ status: 0 });
    const made = with_("keys", "new", "--name", "vault", "--words-out", join(home, "words"));
    expect(made).toMatchObject({ status: 0 });
    expect(JSON.parse(made.stdout).data.descriptor).toMatch(/^wpkh\(/);
  });

  test("runs where there is no network at all", () => {
    const isolated = ["unshare", "-rn"];
    const available = spawnSync("unshare", ["-rn", "true"]).status === 0;
    // Without user namespaces the trapped run above is what can be shown; the same checks then run without isolation.
    const version = run(["--version"], available ? isolated : []);
    expect(version).toMatchObject({ status: 0 });
    expect(version.stdout).toMatch(/^custody-signer /);
  });
});
