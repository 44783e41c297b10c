import { readFileSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { CUSTODY } from "../../src/commands/program.ts";
import { declaredErrors, EXIT, type ExitName } from "../../src/core/errors.ts";
import { EDGES, MOVES, type Entity } from "../../src/core/states/edges.ts";
import { eventsAlong, type Moves } from "../../src/core/states/moves.ts";
import { EXIT_MEANINGS } from "../../src/terminal/envelope.ts";
import { manPage, referenceMarkdown } from "../../src/terminal/reference.ts";
import { signerProgram } from "../../signer/main.ts";
import { WATCHER_PROGRAM } from "../../watcher/program.ts";
import { attacksMarkdown } from "../attack/rows/table.ts";
import { faultsMarkdown } from "../fault/table.ts";
import { CODE, ROOT, sources } from "./tree.ts";

const PROGRAMS = [CUSTODY, signerProgram, WATCHER_PROGRAM];
const NOTICE = "<!-- Generated: npm run docs -->\n\n";

/** What each generated file must hold. `npm run docs` writes them; otherwise this test compares. */
async function generated(): Promise<Readonly<Record<string, string>>> {
  // Errors are declared beside their throwers: load every module, so that none is missing.
  for (const { path } of sources(...CODE)) if (!path.startsWith("bin/")) await import(join(ROOT, path));
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  return {
    "docs/reference.md": `${NOTICE}${PROGRAMS.map((program) => referenceMarkdown(program).trim()).join("\n\n")}\n`,
    "docs/exit-codes.md": `${NOTICE}${exitCodes()}`,
    "docs/errors.md": `${NOTICE}${errors()}`,
    "docs/states.md": `${NOTICE}${states()}`,
    "docs/attacks.md": `${NOTICE}${attacksMarkdown()}`,
    "docs/faults.md": `${NOTICE}${faultsMarkdown()}`,
    ...Object.fromEntries(
      PROGRAMS.map((program) => [`docs/man/${program.name}.1`, manPage(program, version)]),
    ),
  };
}

function exitCodes(): string {
  const rows = (Object.keys(EXIT) as ExitName[]).map((name) => `| ${EXIT[name]} | ${EXIT_MEANINGS[name]} |`);
  return `# Exit codes\n\nThe same in all three programs.\n\n| code | meaning |\n|---|---|\n${rows.join("\n")}\n`;
}

function errors(): string {
  const rows = declaredErrors().map(
    ({ code, exit, meaning }) => `| \`${code}\` | ${EXIT[exit]} | ${meaning.replaceAll("|", "\\|")} |`,
  );
  return `# Errors\n\nEvery error has a stable code. [Exit codes](exit-codes.md) say what kind it is.\n\n| code | exit | meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function states(): string {
  const drawn = Object.entries(EDGES).map(([entity, edges]) => {
    const moves = MOVES[entity as Entity] as Moves<string, string>;
    const lines = Object.entries(edges).flatMap(([from, next]) =>
      next.length === 0
        ? [`  ${from} --> [*]`]
        : (next as readonly string[]).map(
            (to) => `  ${from} --> ${to}: ${eventsAlong(moves, from, to).join(" / ")}`,
          ),
    );
    return `## ${entity}\n\n\`\`\`mermaid\nstateDiagram-v2\n${lines.join("\n")}\n\`\`\`\n`;
  });
  return `# States\n\nFrom the tables of events under \`src/core/states/\`; the database's triggers refuse every other move.\n\n${drawn.join("\n")}`;
}

describe("generated documents are what the code says", async () => {
  const files = await generated();
  test.each(Object.entries(files))("%s", (path, content) => {
    const file = join(ROOT, path);
    if (process.env["UPDATE_DOCS"] === "1") {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    expect(existsSync(file) ? readFileSync(file, "utf8") : "", "run npm run docs").toBe(content);
  });
});
