/** Reads the source tree for what neither types nor lint refuse. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CODE, codeOnly, ROOT, sources } from "./tree.ts";

const PURE = ["src/core", "src/chains", "src/airgap"];
const LINES_MAX = 300;

type Ban = {
  readonly what: string;
  readonly pattern: RegExp;
  readonly folders: readonly string[];
  readonly except?: readonly string[];
};

/** Names that do not belong in a folder. An exception names the file that has to. */
const BANS: readonly Ban[] = [
  { what: "a plain error", pattern: /\bnew (Type|Range)?Error\(/, folders: CODE },
  { what: "Math.random", pattern: /\bMath\.random\b/, folders: CODE },
  {
    what: "a clock",
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b/,
    folders: [...PURE, "src/withdrawals", "src/store"],
  },
  {
    what: "the environment",
    pattern: /\bprocess\.(env|argv|exit|cwd)\b/,
    folders: [...PURE, "src/store", "src/withdrawals", "src/nodes", "src/commands", "watcher"],
  },
  {
    what: "randomness",
    pattern: /\brandomBytes\b|\brandomUUID\b|\bgetRandomValues\b/,
    folders: [...PURE, "src/store", "src/withdrawals", "src/nodes", "signer"],
  },
  { what: "a floating-point parse", pattern: /\bparseFloat\b|\bNumber\.parseFloat\b/, folders: CODE },
  { what: "a number made of money", pattern: /\bNumber\([^)]*(units|amount|fee|balance)/i, folders: CODE },
  { what: "zeros cut off a decimal", pattern: /\\\.\?0\+/, folders: CODE, except: ["src/core/decimal.ts"] },
  { what: "the console", pattern: /\bconsole\./, folders: CODE },
  { what: "a leftover", pattern: /\b(TODO|FIXME|XXX)\b/, folders: CODE },
];

function findings({ pattern, folders, except = [] }: Ban): string[] {
  return sources(...folders)
    .filter(({ path }) => !except.includes(path))
    .flatMap(({ path, text }) =>
      codeOnly(text)
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
}

describe("the tree is tidy", () => {
  test.each(BANS)("$what does not occur", (ban) => {
    expect(findings(ban)).toEqual([]);
  });

  test("every ban's pattern finds what it bans", () => {
    const planted =
      'new Error(""); Math.random(); Date.now(); process.env; randomBytes(1); parseFloat(x); Number(amount); console.log(); TODO; /\\.?0+$/';
    for (const { pattern } of BANS) expect(planted).toMatch(pattern);
  });

  test(`no file is longer than ${LINES_MAX} lines`, () => {
    const long = sources(...CODE).filter(({ lines }) => lines.length > LINES_MAX + 1);
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  test("no file is called utils, helpers, common, manager or service", () => {
    const vague = sources(...CODE).filter(({ path }) =>
      /(^|\/)(utils?|helpers?|common|managers?|services?)(\.ts|\/)/.test(path),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });

  test("runtime dependencies are pinned exactly and justified", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const page = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
    for (const [name, version] of Object.entries(dependencies)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(page, `${name} needs a row in docs/dependencies.md`).toContain(`| ${name} | ${version} |`);
    }
  });

  const PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join("docs", name)),
  ];

  test("what documents call by its path is there", () => {
    const gone = PAGES.filter((page) => !page.startsWith("docs/adr/")).flatMap((page) =>
      [
        ...readFileSync(join(ROOT, page), "utf8").matchAll(
          /`((?:src|signer|watcher|test|demo|scripts|model)\/[\w./-]+)`/g,
        ),
      ]
        .map(([, path]) => path as string)
        // In capitals stands what the reader puts there.
        .filter((path) => !/[A-Z]{3}/.test(path) && !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(gone).toEqual([]);
  });

  test("links between documents lead somewhere", () => {
    const broken = PAGES.flatMap((page) =>
      [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, target]) => join(page, "..", target as string))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
