import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CODE, ROOT, sources } from "./tree.ts";

type Report = {
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
    readonly totalCruised: number;
  };
};

const CRUISER = join(ROOT, "node_modules/.bin/depcruise");

function cruise(root: string): Report["summary"] {
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...CODE];
  const { stdout } = spawnSync(CRUISER, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
  return (JSON.parse(stdout) as Report).summary;
}

/** Each planted file breaks one rule; the cruiser must say which. */
const PLANTED: readonly [rule: string, file: string, text: string][] = [
  ["core-stands-alone", "src/core/planted.ts", 'import "../store/database.ts";\n'],
  ["signer-uses-pure-parts", "signer/planted.ts", 'import "../src/store/database.ts";\n'],
  ["only-bin-and-test-import-signer", "src/commands/planted.ts", 'import "../../signer/main.ts";\n'],
  ["pure-rooms-have-no-io", "src/chains/planted.ts", 'import "node:fs";\n'],
  ["signer-has-no-network", "src/terminal/planted.ts", 'import "node:http";\n'],
  ["no-database-outside-store", "watcher/planted.ts", 'import "better-sqlite3";\n'],
];

/** A copy of the tree to plant in: other tests read the real one at the same time. */
function copyOfTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "custody-planted-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const name of [...CODE, ".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

describe("who may import whom", () => {
  test("the tree keeps the rules, and all of it was looked at", () => {
    const { violations, totalCruised } = cruise(ROOT);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    expect(totalCruised).toBeGreaterThanOrEqual(sources(...CODE).length);
  });

  test("planted violations are found, each by its rule", () => {
    const copy = copyOfTree();
    for (const [, file, text] of PLANTED) writeFileSync(join(copy, file), text);
    const { violations } = cruise(copy);
    const found = new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    for (const [rule, file] of PLANTED) expect(found).toContain(`${rule}: ${file}`);
  });
});
