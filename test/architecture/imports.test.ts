import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
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

/** Each planted file breaks one rule; the cruiser must say which. Every rule but the cycles' has one. */
const PLANTED: readonly [rule: string, file: string, text: string][] = [
  ["room-core", "src/core/planted.ts", 'import "../store/database.ts";\n'],
  ["room-chains", "src/chains/planted-room.ts", 'import "../store/database.ts";\n'],
  ["room-airgap", "src/airgap/planted.ts", 'import "../chains/adapter.ts";\n'],
  ["room-terminal", "src/terminal/planted-room.ts", 'import "../chains/adapter.ts";\n'],
  ["room-nodes", "src/nodes/planted.ts", 'import "../store/database.ts";\n'],
  ["room-store", "src/store/planted.ts", 'import "../nodes/quorum.ts";\n'],
  ["room-withdrawals", "src/withdrawals/planted.ts", 'import "../store/database.ts";\n'],
  ["room-treasury", "src/treasury/planted.ts", 'import "../kyc/denial.ts";\n'],
  ["room-kyc", "src/kyc/planted.ts", 'import "../chains/adapter.ts";\n'],
  ["room-evidence", "src/evidence/planted.ts", 'import "../withdrawals/ports.ts";\n'],
  ["room-setup", "src/setup/planted.ts", 'import "../chains/adapter.ts";\n'],
  ["room-home", "src/home/planted.ts", 'import "../setup/answers.ts";\n'],
  ["room-commands", "src/commands/planted-room.ts", 'import "../../watcher/round.ts";\n'],
  ["room-signer", "signer/planted.ts", 'import "../src/store/database.ts";\n'],
  ["room-watcher", "watcher/planted-room.ts", 'import "../src/airgap/frames.ts";\n'],
  ["room-demo", "demo/planted.ts", 'import "../src/commands/main.ts";\n'],
  ["room-bin", "bin/planted.ts", 'import "../src/store/database.ts";\n'],
  ["only-bin-and-test-import-signer", "src/commands/planted.ts", 'import "../../signer/main.ts";\n'],
  ["only-its-command-imports-demo", "src/commands/planted-demo.ts", 'import "../../demo/regtest.ts";\n'],
  ["pure-rooms-have-no-io", "src/chains/planted.ts", 'import "node:fs";\n'],
  ["signer-has-no-network", "src/terminal/planted.ts", 'import "node:http";\n'],
  ["neutral-rooms-name-no-chain", "signer/gates/planted.ts", 'import "../../src/chains/bitcoin/index.ts";\n'],
  ["no-database-outside-store", "watcher/planted.ts", 'import "better-sqlite3";\n'],
];

type Rule = {
  readonly name: string;
  readonly from: { readonly path?: string };
  readonly to: { readonly pathNot?: string };
};

const RULES = (createRequire(import.meta.url)(join(ROOT, ".dependency-cruiser.cjs")) as { forbidden: Rule[] })
  .forbidden;

/** The rooms as the page names them, with the cell that says what each may import. */
const TABLE = new Map(
  [
    ...readFileSync(join(ROOT, "docs/ARCHITECTURE.md"), "utf8").matchAll(
      /^\| `((?:src\/)?[a-z]+)` \| ([^|]+) \|/gm,
    ),
  ].map(([, room, cell]) => [room as string, (cell as string).trim()]),
);

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

const named = (cell: string): string[] =>
  cell === "nothing of ours"
    ? []
    : cell.split(", ").map((name) => ((CODE as readonly string[]).includes(name) ? name : `src/${name}`));

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
    expect(PLANTED.map(([rule]) => rule)).toEqual(
      RULES.map(({ name }) => name).filter((name) => name !== "no-cycles"),
    );
  });

  test("every folder of code is a room, and the page says of each what its rule says", () => {
    const folders = readdirSync(join(ROOT, "src")).map((name) => `src/${name}`);
    const rooms = [...folders, ...CODE.filter((name) => name !== "src")];
    expect([...TABLE.keys()].sort()).toEqual(rooms.sort());
    for (const [room, cell] of TABLE) {
      const rule = RULES.find(({ name }) => name === `room-${room.replace("src/", "")}`);
      expect(rule?.from.path, room).toBe(`^${room}/`);
      const may = new RegExp(rule?.to.pathNot ?? "^$");
      const allowed = rooms.filter((other) => other !== room && may.test(`${other}/any.ts`));
      const said = cell === "all of `src`, demo" ? [...folders, "demo"] : named(cell);
      expect(said.filter((other) => other !== room).sort(), room).toEqual(allowed.sort());
    }
  });
});
