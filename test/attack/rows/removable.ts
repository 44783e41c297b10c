/**
 * Makes named checks of the product's source removable, one at a time, while tests run (`checks.ts` has the list). Each
 * becomes `removed ? instead : check` in the copy that vitest loads; no file is touched, and no product carries it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Check } from "./check.ts";
import { CHECKS } from "./checks.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/** Names of the checks that are off. Written by `withoutChecks` alone. */
declare global {
  var removedChecks: Set<string> | undefined;
}

/** Runs `work` with the checks of these names off. Tests of one file run one after the other, so nothing else sees it. */
export async function withoutChecks<T>(names: readonly string[], work: () => T | Promise<T>): Promise<T> {
  globalThis.removedChecks = new Set(names);
  try {
    return await work();
  } finally {
    globalThis.removedChecks = undefined;
  }
}

/** The files whose tests are proven by taking checks out, as patterns for vitest. */
export function provenFiles(): readonly string[] {
  const folder = join(ROOT, "test/attack");
  return readdirSync(folder)
    .filter((name) => /^[BEST][0-9].*\.test\.ts$/.test(name))
    .filter((name) => readFileSync(join(folder, name), "utf8").includes('from "./pair.ts"'))
    .map((name) => `test/attack/${name}`);
}

/** Why a check cannot be found in its file any more; undefined where it can. */
export function lostCheck({ file, find }: Check): string | undefined {
  const text = readFileSync(join(ROOT, file), "utf8");
  const times = text.split(plain(find)).length - 1;
  if (!/^[^‹›]*‹[^‹›]+›[^‹›]*$/.test(find)) return "its text does not mark one expression by ‹ and ›";
  return times === 1 ? undefined : `its text occurs ${times} times in ${file}`;
}

/** The plugin for vitest's configuration. It sees source as it is written, before types are taken out. */
export function removableChecks() {
  const all: readonly (readonly [string, Check])[] = Object.entries(CHECKS);
  return {
    name: "removable-checks",
    enforce: "pre" as const,
    transform(code: string, id: string) {
      const checks = all.filter(([, { file }]) => join(ROOT, file) === id.split("?")[0]);
      if (checks.length === 0) return undefined;
      return { code: checks.reduce(switched, code), map: null };
    },
  };
}

function switched(code: string, [name, { find, instead }]: readonly [string, Check]): string {
  const [before, check, after] = find.split(/[‹›]/) as [string, string, string];
  const off = `globalThis.removedChecks?.has(${JSON.stringify(name)})`;
  return code.replace(plain(find), () => `${before}(${off} ? (${instead}) : (${check}))${after}`);
}

const plain = (find: string) => find.replace(/[‹›]/g, "");
