/** The reference of a program, as markdown and as a man page, made from its description. */
import { EXIT, type ExitName } from "../core/errors.ts";
import type { ArgumentSpec, OptionSpec, ProgramSpec, Verb } from "./command.ts";
import { EXIT_MEANINGS } from "./envelope.ts";
import { DRY_RUN, GLOBAL_OPTIONS } from "./program.ts";

/** A command with the words that call it. */
type Called = { readonly words: string; readonly verb: Verb };

/** Markdown: every command with arguments, options and examples, then the exit codes. */
export function referenceMarkdown(spec: ProgramSpec): string {
  const parts = [`# ${spec.name}`, spec.about, "Made from the command tree; do not edit."];
  for (const command of spec.commands) {
    if (!("verbs" in command))
      parts.push(...commandMarkdown({ words: `${spec.name} ${command.name}`, verb: command }, "##"));
    else {
      parts.push(`## ${spec.name} ${command.name}`, markdownText(command.about));
      for (const verb of command.verbs)
        parts.push(...commandMarkdown({ words: `${spec.name} ${command.name} ${verb.name}`, verb }, "###"));
    }
  }
  parts.push(
    "## Options of every command",
    optionsMarkdown(GLOBAL_OPTIONS),
    "## Environment",
    environmentMarkdown(spec),
  );
  parts.push("## Exit codes", exitMarkdown());
  return `${parts.join("\n\n")}\n`;
}

function commandMarkdown({ words, verb }: Called, level: string): string[] {
  const parts = [`${level} ${words}`, markdownText(verb.about), `\`\`\`\n${synopsis(words, verb)}\n\`\`\``];
  const given = verb.arguments ?? [];
  if (given.length > 0) parts.push(argumentsMarkdown(given));
  const options = ownOptions(verb);
  if (options.length > 0) parts.push(optionsMarkdown(options));
  const examples = verb.examples ?? [];
  if (examples.length > 0) parts.push(`Examples:\n\n\`\`\`\n${examples.join("\n")}\n\`\`\``);
  return parts;
}

function argumentsMarkdown(given: readonly ArgumentSpec[]): string {
  return given.map(({ name, about }) => `- \`${name}\`: ${markdownText(about)}`).join("\n");
}

function optionsMarkdown(options: readonly OptionSpec[]): string {
  const rows = options.map(
    ({ flags, about, required }) =>
      `| \`${flags}\` | ${markdownText(about)}${required === true ? " (required)" : ""} |`,
  );
  return ["| option | meaning |", "|---|---|", ...rows].join("\n");
}

function environmentMarkdown(spec: ProgramSpec): string {
  return `- \`${spec.homeVariable}\`: the home folder, where \`--home\` is not given\n- \`NO_COLOR\`, \`FORCE_COLOR\`, \`TERM=dumb\`: colours`;
}

function exitMarkdown(): string {
  return [
    "| code | meaning |",
    "|---|---|",
    ...exits().map(([code, meaning]) => `| ${code} | ${meaning} |`),
  ].join("\n");
}

/** A man page (roff, man(7)) of section 1. */
export function manPage(spec: ProgramSpec, version: string): string {
  const lines = [
    `.TH ${roffQuoted(spec.name.toUpperCase())} 1 "" ${roffQuoted(`${spec.name} ${version}`)}`,
    ".SH NAME",
    `${roff(spec.name)} \\- ${roff(spec.about)}`,
    ".SH SYNOPSIS",
    `.B ${roff(spec.name)}`,
    "\\fIcommand\\fR [\\fIoptions\\fR]",
    ".SH COMMANDS",
  ];
  for (const { words, verb } of calledOf(spec)) {
    lines.push(".TP", `.B ${roff(synopsis(words, verb))}`, roff(verb.about));
    for (const { flags, about } of ownOptions(verb))
      lines.push(".RS", ".TP", `.B ${roff(flags)}`, roff(about), ".RE");
  }
  lines.push(".SH OPTIONS");
  for (const { flags, about } of GLOBAL_OPTIONS) lines.push(".TP", `.B ${roff(flags)}`, roff(about));
  lines.push(".SH ENVIRONMENT", ".TP", `.B ${roff(spec.homeVariable)}`, "the home folder");
  lines.push(".SH EXIT STATUS");
  for (const [code, meaning] of exits()) lines.push(".TP", `.B ${code}`, roff(meaning));
  return `${lines.join("\n")}\n`;
}

function calledOf(spec: ProgramSpec): readonly Called[] {
  return spec.commands.flatMap((command) =>
    "verbs" in command
      ? command.verbs.map((verb) => ({ words: `${spec.name} ${command.name} ${verb.name}`, verb }))
      : [{ words: `${spec.name} ${command.name}`, verb: command }],
  );
}

function synopsis(words: string, verb: Verb): string {
  const required = (verb.options ?? [])
    .filter((option) => option.required === true)
    .map(({ flags }) => flags);
  const optional = ownOptions(verb).length > required.length ? ["[options]"] : [];
  return [words, ...(verb.arguments ?? []).map(({ name }) => name), ...required, ...optional].join(" ");
}

function ownOptions(verb: Verb): readonly OptionSpec[] {
  return [...(verb.options ?? []), ...(verb.changes === true ? [DRY_RUN] : [])];
}

function exits(): readonly (readonly [code: number, meaning: string])[] {
  return Object.entries(EXIT_MEANINGS).map(([name, meaning]) => [EXIT[name as ExitName], meaning]);
}

// Outside code spans: characters that markdown or a table row would read.
function markdownText(text: string): string {
  return text.replace(/[\\|<>*_`[\]]/g, "\\$&");
}

// A line that begins with a point or an apostrophe is a request; "-" alone is a hyphen, "\-" what can be typed.
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/, "\\&");
}

function roffQuoted(text: string): string {
  return `"${roff(text).replaceAll('"', '""')}"`;
}
