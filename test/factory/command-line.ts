/** Command lines as documents and lists of errands print them, looked up in the programs' own descriptions. */
import { CUSTODY } from "../../src/commands/program.ts";
import type { ProgramSpec, Verb } from "../../src/terminal/command.ts";
import { optionsOf } from "../../src/terminal/program.ts";
import { signerProgram } from "../../signer/main.ts";
import { WATCHER_PROGRAM } from "../../watcher/program.ts";

const PROGRAMS: readonly ProgramSpec[] = [CUSTODY, signerProgram, WATCHER_PROGRAM];

/** What is wrong with a line that begins with a program's name: no such verb, or a flag that it does not have. */
export function faultOf(line: string): string | undefined {
  const [program, ...words] = line.trim().split(/\s+/);
  const spec = PROGRAMS.find(({ name }) => name === program);
  if (spec === undefined) return `${program} is no program`;
  const verb = verbOf(spec, words);
  if (verb === undefined) return `${spec.name} has no command ${words.slice(0, 2).join(" ")}`;
  const known = new Set(optionsOf(verb).flatMap(({ flags }) => flags.match(/--[a-z-]+/g) ?? []));
  const given = words.flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
  const unknown = given.find((flag) => !known.has(flag));
  if (unknown !== undefined) return `${spec.name} ${verb.name} has no ${unknown}`;
  const needed = optionsOf(verb).filter(({ required }) => required === true);
  const lacking = needed.find(({ flags }) => !given.includes(flags.split(" ")[0] as string));
  return lacking === undefined ? undefined : `${spec.name} ${verb.name} needs ${lacking.flags}`;
}

function verbOf(spec: ProgramSpec, [first, second]: readonly string[]): Verb | undefined {
  const found = spec.commands.find(({ name }) => name === first);
  if (found === undefined || !("verbs" in found)) return found;
  return found.verbs.find(({ name }) => name === second);
}

/** Lines of fenced blocks that run one of our programs; what is in brackets or after a comment sign is left out. */
export function commandLines(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^ *```[a-z]*\n([\s\S]*?)^ *```/gm)]
    .flatMap(([, block = ""]) => block.replace(/\\\n/g, " ").split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => /^custody(-signer|-watcher)? /.test(line));
}
