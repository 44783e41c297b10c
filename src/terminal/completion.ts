/** Completion scripts for bash, zsh and fish, made from a program's description: they load nothing of the program. */
import { declareError } from "../core/errors.ts";
import { quoted } from "../core/text.ts";
import type { OptionSpec, ProgramSpec, Verb } from "./command.ts";
import { GLOBAL_OPTIONS, HELP_TOPICS, optionsOf } from "./program.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export const SHELL_UNKNOWN = declareError(
  "SHELL_UNKNOWN",
  "usage",
  "Completion is made for bash, zsh and fish.",
);

/** @throws SHELL_UNKNOWN */
export function parseShell(text: string): Shell {
  const shell = SHELLS.find((name) => name === text);
  if (shell === undefined) {
    throw SHELL_UNKNOWN(`there is no completion for ${quoted(text)}`, {
      field: "shell",
      hint: `choose ${SHELLS.join(", ")}`,
    });
  }
  return shell;
}

/**
 * The script that completes `spec`'s nouns, verbs and flags.
 * @example completionScript(custody, "bash") // source <(custody completion bash)
 */
export function completionScript(spec: ProgramSpec, shell: Shell): string {
  const places = placesOf(spec);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](spec.name, places);
}

type Word = { readonly word: string; readonly about: string };
/** Where the cursor may stand: after which words, and what may follow there. */
type Place = { readonly path: readonly string[]; readonly words: readonly Word[] };

function placesOf(spec: ProgramSpec): readonly Place[] {
  const globals = flagWords(GLOBAL_OPTIONS);
  const help = { word: "help", about: "help on a topic" };
  const places: Place[] = [
    { path: [], words: [...spec.commands.map(toWord), help, ...globals] },
    { path: ["help"], words: HELP_TOPICS.map((topic) => ({ word: topic, about: "help topic" })) },
  ];
  for (const command of spec.commands) {
    if (!("verbs" in command)) places.push(verbPlace([], command));
    else {
      places.push({ path: [command.name], words: [...command.verbs.map(toWord), ...globals] });
      places.push(...command.verbs.map((verb) => verbPlace([command.name], verb)));
    }
  }
  return places;
}

function verbPlace(before: readonly string[], verb: Verb): Place {
  return { path: [...before, verb.name], words: flagWords(optionsOf(verb)) };
}

function toWord({ name, about }: { readonly name: string; readonly about: string }): Word {
  return { word: name, about };
}

function flagWords(options: readonly OptionSpec[]): readonly Word[] {
  return options.flatMap(({ flags, about }) =>
    (flags.match(/--[a-z][a-z0-9-]*/g) ?? []).map((word) => ({ word, about })),
  );
}

function functionName(name: string): string {
  return `_${name.replace(/[^a-z0-9]/g, "_")}`;
}

/** Text in single quotes of a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// Walks the words before the cursor down the tree; what is no command (flags and their values) leaves the place as it is.
function walk(places: readonly Place[]): string {
  return places
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => {
      const before = path.slice(0, -1).join(" ");
      return `      ${shellQuoted(`${before}|${path.at(-1)}`)}) place=${shellQuoted(path.join(" "))} ;;\n`;
    })
    .join("");
}

function bashScript(name: string, places: readonly Place[]): string {
  const self = functionName(name);
  const lists = places.map(
    ({ path, words }) =>
      `    ${shellQuoted(path.join(" "))}) list=${shellQuoted(words.map(({ word }) => word).join(" "))} ;;\n`,
  );
  return `# bash completion for ${name}: source <(${name} completion bash)
${self}() {
  local place='' list='' word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$place|$word" in
${walk(places)}    esac
  done
  case "$place" in
${lists.join("")}  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$list" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F ${self} ${name}
`;
}

function zshScript(name: string, places: readonly Place[]): string {
  const self = functionName(name);
  const entry = ({ word, about }: Word) => shellQuoted(`${word}:${about}`);
  const lists = places.map(
    ({ path, words }) => `    ${shellQuoted(path.join(" "))}) list=(${words.map(entry).join(" ")}) ;;\n`,
  );
  return `#compdef ${name}
# zsh completion for ${name}: source <(${name} completion zsh)
${self}() {
  local place='' word
  local -a list
  for word in \${words[2,CURRENT-1]}; do
    case "$place|$word" in
${walk(places)}    esac
  done
  case "$place" in
${lists.join("")}  esac
  _describe '${name}' list || _files
}
compdef ${self} ${name}
`;
}

function fishScript(name: string, places: readonly Place[]): string {
  // fish escapes in single quotes by backslash, unlike the other two.
  const text = (about: string) => `'${about.replace(/[\\']/g, "\\$&")}'`;
  const lines = places.flatMap(({ path, words }) => {
    const children = words.filter(({ word }) => !word.startsWith("-")).map(({ word }) => word);
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const none = children.length > 0 ? [`not __fish_seen_subcommand_from ${children.join(" ")}`] : [];
    const condition = [...seen, ...none].join("; and ");
    return words.map(({ word, about }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c ${name} -n '${condition || "true"}' ${what} -d ${text(about)}\n`;
    });
  });
  return `# fish completion for ${name}: ${name} completion fish | source\n${lines.join("")}`;
}
