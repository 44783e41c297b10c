/** Turns a program's description into a command line by commander, and runs one call of it. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { EXIT, declareError } from "../core/errors.ts";
import { quoted } from "../core/text.ts";
import type { Call, Flags, Noun, OptionSpec, Outcome, ProgramSpec, Verb } from "./command.ts";
import { foldedCommand } from "./command-lines.ts";
import { EXIT_MEANINGS, printError, printOutcome } from "./envelope.ts";
import type { Io } from "./io.ts";
import { roomOf } from "./table.ts";
import { VERSION } from "./version.ts";

export const USAGE = declareError("USAGE", "usage", "A command, argument or flag is not one we know.");

/** Options of every command. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: "--json", about: "answer with one JSON document on stdout" },
  { flags: "--home <dir>", about: "the folder that holds this program's files" },
  { flags: "--no-color", about: "no colours" },
];
export const DRY_RUN: OptionSpec = { flags: "--dry-run", about: "show what would happen and change nothing" };

/** What `help` explains. */
export const HELP_TOPICS = ["exit-codes", "formats", "environment"] as const;

/** All options of a command: its own, --dry-run when it changes state, and those of every command. */
export function optionsOf(verb: Verb): readonly OptionSpec[] {
  return [...(verb.options ?? []), ...(verb.changes === true ? [DRY_RUN] : []), ...GLOBAL_OPTIONS];
}

/** Runs one command line. @returns the exit code; nothing is thrown */
export async function runProgram(spec: ProgramSpec, io: Io): Promise<number> {
  const json = io.argv.includes("--json");
  let code: number = EXIT.ok;
  const root = buildCommands(spec, io, async (verb, command, args) => {
    const flags = command.optsWithGlobals<Flags>();
    const call = makeCall(spec, io, args, flags);
    const outcome = await (await verb.load()).run(call);
    code = printOutcome(io, json, call.dryRun ? withoutEffect(outcome) : outcome);
  });
  try {
    await root.parseAsync(["node", spec.name, ...io.argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return answerCommander(io, json, error);
    return printError(io, json, error);
  }
}

// A dry run answers what the real one would; that nothing came of it must be said, and nothing is next.
function withoutEffect({ next: _, leftUndone = "nothing was changed", ...outcome }: Outcome): Outcome {
  return { ...outcome, warnings: [...(outcome.warnings ?? []), `dry run: ${leftUndone}`] };
}

/**
 * The home folder: flag over environment over XDG data folder (a relative one does not count, says the XDG
 * specification). An empty flag is what a script gives when its variable is unset: never the default home instead.
 * @throws USAGE
 */
export function homeOf(spec: ProgramSpec, io: Io, flag: string | undefined): string {
  if (flag === "")
    throw USAGE("--home is empty", { field: "--home", hint: "give --home DIR, or leave it out" });
  const named = flag ?? setting(io, spec.homeVariable);
  if (named !== undefined) return resolve(io.cwd, named);
  const data = setting(io, "XDG_DATA_HOME");
  if (data !== undefined && isAbsolute(data)) return join(data, spec.homeName);
  return join(setting(io, "HOME") ?? homedir(), ".local", "share", spec.homeName);
}

/** An environment variable that is set to something. */
function setting(io: Io, name: string): string | undefined {
  const value = io.env[name];
  return value === "" ? undefined : value;
}

type Act = (verb: Verb, command: Command, args: readonly string[]) => Promise<void>;

function buildCommands(spec: ProgramSpec, io: Io, act: Act): Command {
  const root = new Command(spec.name)
    .description(spec.about)
    .version(VERSION, "-V, --version", "print the version")
    .enablePositionalOptions(false)
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .addHelpText("after", `\nMore help: ${spec.name} help ${HELP_TOPICS.join(" | ")}`);
  for (const { flags, about } of GLOBAL_OPTIONS) root.option(flags, about);
  for (const command of spec.commands) {
    if ("verbs" in command) addNoun(root, command, act, io);
    else addVerb(root, command, act, io);
  }
  root.addCommand(helpTopics(spec, io));
  configureAll(root, io);
  return root;
}

function addNoun(root: Command, noun: Noun, act: Act, io: Io): void {
  const group = root.command(noun.name).description(noun.about).helpCommand(false);
  for (const verb of noun.verbs) addVerb(group, verb, act, io);
}

function addVerb(parent: Command, verb: Verb, act: Act, { stdout }: Io): void {
  const command = parent.command(verb.name).description(verb.about);
  for (const { name, about } of verb.arguments ?? []) command.argument(name, about);
  for (const option of optionsOf(verb)) {
    command.addOption(new Option(option.flags, option.about).makeOptionMandatory(option.required === true));
  }
  const examples = (verb.examples ?? []).map((example) =>
    stdout.isTTY ? foldedCommand(example, roomOf(stdout) - 4).join("\n    ") : example,
  );
  if (examples.length > 0)
    command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  ${example}`).join("\n")}`);
  command.action(async (...passed: unknown[]) => {
    const args = passed
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === "string");
    await act(verb, command, args);
  });
}

function makeCall(spec: ProgramSpec, io: Io, args: readonly string[], flags: Flags): Call {
  const home = homeOf(spec, io, typeof flags["home"] === "string" ? flags["home"] : undefined);
  return {
    io,
    program: spec,
    args,
    flags,
    home,
    json: flags["json"] === true,
    dryRun: flags["dryRun"] === true,
  };
}

// Errors are printed by us, in our form; help that was asked for goes to stdout, help in place of an answer to stderr.
function configureAll(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(io.stdout.columns, 110),
    getOutHasColors: () => io.paint.out.level > 0,
  });
  for (const child of command.commands) configureAll(child, io);
}

function answerCommander(io: Io, json: boolean, error: CommanderError): number {
  if (error.exitCode === 0) return EXIT.ok;
  if (error.code === "commander.help") {
    const incomplete = USAGE("a command is needed", { hint: "add --help to see what there is" });
    return json ? printError(io, json, incomplete) : EXIT.usage;
  }
  const [message = "the command line cannot be read", suggestion] = error.message
    .replace(/^error: /, "")
    .split("\n");
  const hint = suggestion?.replace(/[()]/g, "") ?? "add --help to see what there is";
  const field = /'(--[a-z][a-z-]*)/.exec(message)?.[1];
  return printError(io, json, USAGE(message, { ...(field === undefined ? {} : { field }), hint }));
}

function helpTopics(spec: ProgramSpec, io: Io): Command {
  const topics: Readonly<Record<(typeof HELP_TOPICS)[number], () => string>> = {
    "exit-codes": () =>
      Object.entries(EXIT_MEANINGS)
        .map(([name, meaning]) => `${String(EXIT[name as keyof typeof EXIT]).padStart(3)}  ${meaning}\n`)
        .join(""),
    formats: () => "Documents are canonical JSON (RFC 8785); docs/formats.md describes each kind.\n",
    environment: () =>
      `${spec.homeVariable}  the home folder\nNO_COLOR, FORCE_COLOR, TERM=dumb  colours\nCUSTODY_DEBUG=1  a stack trace when there is a bug\n`,
  };
  return new Command("help")
    .description(`help on a topic: ${HELP_TOPICS.join(", ")}`)
    .argument("[topic]", "what to read about")
    .action((topic: string | undefined, _options: unknown, command: Command) => {
      if (topic === undefined) return command.parent?.help();
      const known = HELP_TOPICS.find((name) => name === topic);
      if (known === undefined)
        throw USAGE(`there is no help topic ${quoted(topic)}`, {
          hint: `${spec.name} help exit-codes`,
        });
      io.stdout.write(topics[known]());
      throw new CommanderError(EXIT.ok, "custody.topic", "");
    });
}
