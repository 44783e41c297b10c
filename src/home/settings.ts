/**
 * Settings by precedence: flags over environment over project file over user file. Each has one name; the
 * environment spells it CUSTODY_BITCOIND_URL, files spell it as JSON keys.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homedir } from "node:os";
import * as z from "zod";
import { declareError } from "../core/errors.ts";
import { utf8 } from "../core/hex.ts";
import { excerpt, quoted } from "../core/text.ts";
import { writeFileDurably } from "../terminal/files.ts";
import type { Io } from "../terminal/io.ts";

export const SETTING_UNKNOWN = declareError(
  "SETTING_UNKNOWN",
  "usage",
  "A setting of this name does not exist.",
);
export const SETTING_MALFORMED = declareError(
  "SETTING_MALFORMED",
  "invalid",
  "A settings file or a setting's value cannot be read.",
);
export const SETTING_MISSING = declareError(
  "SETTING_MISSING",
  "usage",
  "A setting is needed and nowhere given.",
);

export const SETTINGS = {
  "bitcoind-url": "JSON-RPC address of bitcoind, for example http://127.0.0.1:8332",
  "bitcoind-cookie": "path of bitcoind's .cookie file",
  "session.idle-minutes": "minutes after which a session that is not used is refused, 1 to 720",
} as const;

/** Settings that are whole numbers: their range, and what holds when nobody says anything. */
const COUNTS = {
  "session.idle-minutes": { min: 1, max: 720, otherwise: 30 },
} as const satisfies Partial<Record<SettingName, { min: number; max: number; otherwise: number }>>;

export type SettingName = keyof typeof SETTINGS;
export type Origin = "flag" | "environment" | "project file" | "user file" | "default" | "unset";
export type Setting = {
  readonly name: SettingName;
  readonly value: string | undefined;
  readonly origin: Origin;
  readonly from: string;
};

const fileSchema = z.strictObject(
  Object.fromEntries(
    Object.keys(SETTINGS).map((name) => [name, z.string().min(1).max(1024).optional()]),
  ) as Record<SettingName, z.ZodOptional<z.ZodString>>,
);

/** Every setting with where it comes from. `flags` are those of this call. */
export function settings(io: Io, flags: Readonly<Record<string, unknown>> = {}): readonly Setting[] {
  const project = readSettings(projectFile(io));
  const user = readSettings(userFile(io));
  return (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const flag = flags[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    const variable = `CUSTODY_${name.toUpperCase().replaceAll(/[.-]/g, "_")}`;
    const inEnvironment = io.env[variable];
    if (typeof flag === "string") return { name, value: flag, origin: "flag", from: `--${name}` };
    if (inEnvironment !== undefined && inEnvironment !== "")
      return { name, value: inEnvironment, origin: "environment", from: variable };
    if (project[name] !== undefined)
      return { name, value: project[name], origin: "project file", from: projectFile(io) };
    if (user[name] !== undefined) return { name, value: user[name], origin: "user file", from: userFile(io) };
    if (isCount(name)) return { name, value: String(COUNTS[name].otherwise), origin: "default", from: "" };
    return { name, value: undefined, origin: "unset", from: "" };
  });
}

/** One setting's value. @throws SETTING_MISSING */
export function setting(io: Io, name: SettingName, flags: Readonly<Record<string, unknown>> = {}): string {
  const value = settings(io, flags).find((candidate) => candidate.name === name)?.value;
  if (value !== undefined) return value;
  throw SETTING_MISSING(`${name} is not set: ${SETTINGS[name]}`, {
    field: name,
    hint: `custody config set ${name} VALUE`,
  });
}

/** A setting that is a whole number in its range. @throws SETTING_MALFORMED */
export function countSetting(io: Io, name: keyof typeof COUNTS): number {
  return parseCount(name, setting(io, name));
}

function isCount(name: SettingName): name is keyof typeof COUNTS {
  return Object.hasOwn(COUNTS, name);
}

function parseCount(name: keyof typeof COUNTS, text: string): number {
  const { min, max, otherwise } = COUNTS[name];
  const value = /^[0-9]{1,15}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw SETTING_MALFORMED(`${name} ${quoted(text)} is not a whole number from ${min} to ${max}`, {
    field: name,
    hint: `custody config set ${name} ${otherwise}`,
  });
}

/** @throws SETTING_UNKNOWN */
export function parseSettingName(text: string): SettingName {
  if (Object.hasOwn(SETTINGS, text)) return text as SettingName;
  throw SETTING_UNKNOWN(`there is no setting ${JSON.stringify(text)}`, {
    field: "name",
    hint: "custody config list",
  });
}

/** Writes one setting into the user file. */
export function saveSetting(io: Io, name: SettingName, value: string): string {
  if (isCount(name)) parseCount(name, value);
  const path = userFile(io);
  const next = fileSchema.safeParse({ ...readSettings(path), [name]: value });
  if (!next.success)
    throw SETTING_MALFORMED(`${name} cannot be ${JSON.stringify(value)}`, {
      field: name,
      hint: SETTINGS[name],
    });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileDurably(path, utf8(`${JSON.stringify(next.data, null, 2)}\n`), true, io.random(8));
  return path;
}

const MEND = "mend the file by hand, or take it away";

function projectFile(io: Io): string {
  return join(io.cwd, "custody.config.json");
}

function userFile(io: Io): string {
  return join(
    io.env["XDG_CONFIG_HOME"] ?? join(io.env["HOME"] ?? homedir(), ".config"),
    "custody",
    "config.json",
  );
}

function readSettings(path: string): Partial<Record<SettingName, string | undefined>> {
  if (!existsSync(path)) return {};
  try {
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (parsed.success) return parsed.data;
    throw SETTING_MALFORMED(`${path}: ${excerpt(parsed.error.issues[0]?.message ?? "malformed")}`, {
      field: path,
      hint: MEND,
    });
  } catch (error) {
    if (error instanceof SyntaxError)
      throw SETTING_MALFORMED(`${path} is not JSON`, { field: path, hint: MEND, cause: error });
    throw error;
  }
}
