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
import { LIMITS } from "../core/limits.ts";
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
  "bitcoind-url":
    "JSON-RPC address of bitcoind, for example http://127.0.0.1:8332; several, with commas between them",
  "bitcoind-cookie": "path of bitcoind's .cookie file; of several nodes, in the order of their addresses",
  "evm-url":
    "JSON-RPC addresses of EVM endpoints, each behind its chain's number: 1=https://node.example.org; several, with commas between them",
  "evm.relayer-key-file":
    "file (mode 0600) with the private key, in hex, of the account that pays the gas of Safes' transactions and holds nothing else",
  "evm.relayer-max":
    "the most that this account should hold, in the chain's coin, 0.5 unless it is set; above it people are told",
  "node.quorum":
    "nodes that must agree before money is concluded from what they say, 1 to 7; at least 2 on mainnet, elsewhere never more than are named",
  "node.tip-age-minutes":
    "age of the newest block above which nothing is built, 10 to 1000000; 43200 on regtest, where blocks come by hand, unless it is set",
  "evm.tip-age-minutes":
    "the same for chains whose blocks come within seconds, 1 to 1000000; 43200 on regtest, unless it is set",
  "backup.minutes": "minutes between the watcher's backups, 0 for none, up to 1440",
  "backup.folder": "where the watcher writes backups; `backups` in the home unless it is set",
  "reconcile.minutes":
    "minutes for which a comparison of ledger and chain lets plans be built, 2 to 1440; the watcher makes one at half of it",
  "notify.mail-to": "mail addresses that are told of alerts, with commas between them",
  "notify.mail-from": "the sender of that mail",
  "notify.sendmail": "path of the program that takes mail, /usr/sbin/sendmail unless it is set",
  "notify.webhook-url": "address that alerts are posted to, signed by Standard Webhooks 1.0",
  "notify.webhook-secret-file": "file (mode 0600) with the webhook's secret, whsec_ and base64",
  "notify.slack-url-file": "file (mode 0600) with the address of a Slack incoming webhook",
  "notify.pagerduty-key-file": "file (mode 0600) with the routing key of PagerDuty's Events API v2",
  "notify.pagerduty-url": "where those events go, PagerDuty itself unless it is set",
  "fees.pinned": "your own fee rates by target in blocks, in sat/vB, as one more source: 2:20,6:10,144:3",
  "fees.long-term-rate":
    "what spending a coin will cost some day, in sat/vB, 1 to 1000: below it coins are gathered",
  "fees.deadline-minutes":
    "minutes from its signing until a plan shall be mined, 10 to 10080: its signed rungs are sent in that time; 0 for people alone",
  "batch.max": "payments with which a batch is due, and the most that it takes, 1 to 1000",
  "batch.max-age-minutes": "minutes that the oldest ready payment waits until a batch is due, 1 to 10080",
  "batch.fee-rate": "fee rate in sat/vB at which a batch is due, however small, 0 to 1000",
  "consolidate.coins": "small coins with which gathering them is advised while fees are low, 2 to 1000",
  "consolidate.below-units": "base units below which a coin is small, 1000 to 100000000",
  "session.idle-minutes": "minutes after which a session that is not used is refused, 1 to 720",
} as const;

/** Settings that are whole numbers: their range, and what holds when nobody says anything. */
const COUNTS = {
  "node.quorum": { min: 1, max: 7, otherwise: 2 },
  // Blocks come every ten minutes on average, so one in 160,000 takes longer: e^-12.
  "node.tip-age-minutes": { min: 10, max: 1_000_000, otherwise: 120 },
  "evm.tip-age-minutes": { min: 1, max: 1_000_000, otherwise: 10 },
  "backup.minutes": { min: 0, max: 1440, otherwise: 15 },
  "reconcile.minutes": { min: 2, max: 1440, otherwise: 120 },
  // Bitcoin Core's -consolidatefeerate.
  "fees.long-term-rate": { min: 1, max: 1000, otherwise: 10 },
  "fees.deadline-minutes": { min: 0, max: LIMITS.deadlineMinutesMax, otherwise: 360 },
  "batch.max": { min: 1, max: LIMITS.intentsPerPlanMax, otherwise: 100 },
  "batch.max-age-minutes": { min: 1, max: 10_080, otherwise: 60 },
  "batch.fee-rate": { min: 0, max: 1000, otherwise: 2 },
  "consolidate.coins": { min: 2, max: 1000, otherwise: 50 },
  "consolidate.below-units": { min: 1000, max: 100_000_000, otherwise: 1_000_000 },
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

/** One setting's value where it may be left unset. */
export function optionalSetting(io: Io, name: SettingName): string | undefined {
  return settings(io).find((candidate) => candidate.name === name)?.value;
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
