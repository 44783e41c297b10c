/**
 * Finds a bitcoind for the demo and the tests, or unpacks one into the project's cache; never installs into the system.
 * Order of choice: CUSTODY_BITCOIND, version 25 or newer on PATH, then Bitcoin Knots as Debian packages it.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openReport, SetupError } from "./run.mjs";

const VERSION_MIN = 25;
const HINT = `install bitcoind ${VERSION_MIN} or newer and name it: CUSTODY_BITCOIND=/path/to/bitcoind`;
/** bitcoind from backports; from trixie all that it links to, since older Debian's libstdc++ cannot run it. */
const NODE_PACKAGE = "bitcoin-knots";
const LIBRARIES = [
  "libc6",
  "libstdc++6",
  "libgcc-s1",
  "libevent-core-2.1-7t64",
  "libevent-extra-2.1-7t64",
  "libevent-pthreads-2.1-7t64",
  "libsqlite3-0",
  "libzmq5",
  "libpgm-5.3-0t64",
  "libnorm1t64",
  "libsodium23",
  "libbsd0",
  "libmd0",
  "libgssapi-krb5-2",
  "libkrb5-3",
  "libk5crypto3",
  "libcom-err2",
  "libkrb5support0",
  "libkeyutils1",
  "libssl3t64",
];
const LAUNCHER = `#!/bin/sh
# Starts the unpacked bitcoind through the loader and libraries of its own release.
set -eu
here=$(dirname "$(readlink -f "$0")")
exec "$here/root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$here/root/usr/lib/x86_64-linux-gnu" \\
  "$here/root/usr/bin/bitcoind" "$@"
`;

/** The path of a bitcoind that runs. @throws SetupError naming what is missing */
export async function ensureBitcoind(root, report) {
  const found = findBitcoind(root);
  if (found !== undefined) return found;
  report.say("unpacking Bitcoin Knots into .cache/bitcoind (56 MB, about 10 seconds)");
  return unpackBitcoind(root, report);
}

/** A bitcoind that is there already, or undefined. @throws SetupError when CUSTODY_BITCOIND names none */
export function findBitcoind(root, env = process.env) {
  const named = env.CUSTODY_BITCOIND;
  if (named !== undefined && named !== "") {
    if (versionOf(named) >= VERSION_MIN) return resolve(named);
    throw new SetupError(
      `CUSTODY_BITCOIND=${named} is not a bitcoind of version ${VERSION_MIN} or newer`,
      HINT,
    );
  }
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, "bitcoind"));
  const cached = join(root, ".cache", "bitcoind", "bitcoind");
  return [...onPath, cached].find((path) => existsSync(path) && versionOf(path) >= VERSION_MIN);
}

/** Major version of the bitcoind at `path`, 0 when it does not run. */
function versionOf(path) {
  const { stdout } = spawnSync(path, ["-version"], { encoding: "utf8", timeout: 10_000 });
  return parseVersion(stdout ?? "");
}

/** @example parseVersion("Bitcoin Knots daemon version v29.5.knots20260901") === 29 */
export function parseVersion(text) {
  const match = /^Bitcoin\b.{0,40}\bversion v?([1-9][0-9]{0,3})\./.exec(text);
  return match === null ? 0 : Number(match[1]);
}

async function unpackBitcoind(root, report) {
  const mirrors = supportedMirrors();
  const target = join(root, ".cache", "bitcoind");
  const draft = `${target}.${process.pid}`;
  removeOldDrafts(join(root, ".cache"));
  mkdirSync(join(draft, "root"), { recursive: true });
  try {
    await downloadPackages(draft, mirrors, report);
    for (const file of readdirSync(join(draft, "packages"))) {
      await report.run("dpkg", ["-x", join(draft, "packages", file), join(draft, "root")], { hint: HINT });
    }
    for (const folder of ["packages", "apt"]) rmSync(join(draft, folder), { recursive: true });
    writeFileSync(join(draft, "bitcoind"), LAUNCHER);
    chmodSync(join(draft, "bitcoind"), 0o755);
    if (versionOf(join(draft, "bitcoind")) < VERSION_MIN)
      throw new SetupError("the unpacked bitcoind does not start", HINT);
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return join(target, "bitcoind");
}

/** What an unpacking that was killed has left behind. */
function removeOldDrafts(cache) {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const pid = /^bitcoind\.([1-9][0-9]*)$/.exec(name)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && existsSync(`/proc/${pid}`))) continue;
    rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** Mirrors that apt already uses, the likeliest first. @throws SetupError on a system that cannot run Debian's package */
function supportedMirrors() {
  const tools = ["apt-get", "apt-config", "dpkg"].filter(
    (tool) => spawnSync(tool, ["--version"]).status !== 0,
  );
  if (process.platform !== "linux" || process.arch !== "x64" || tools.length > 0) {
    const reason = tools.length > 0 ? `without ${tools.join(", ")}` : `${process.platform}/${process.arch}`;
    throw new SetupError(
      `no bitcoind here, and only amd64 Debian has a package to unpack (this is ${reason})`,
      HINT,
    );
  }
  const codename = parseCodename(
    existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "",
  );
  const listing = spawnSync("apt-get", ["indextargets", "--format", "$(REPO_URI) $(RELEASE)"], {
    encoding: "utf8",
  });
  const mirrors = rankMirrors(listing.stdout ?? "", codename);
  if (mirrors.length === 0)
    throw new SetupError(`no bitcoind here, and apt knows no mirror of ${codename}`, HINT);
  return mirrors;
}

/** VERSION_CODENAME of os-release(5). */
export function parseCodename(text) {
  return /^VERSION_CODENAME="?([a-z0-9-]+)"?$/m.exec(text)?.[1] ?? "an unnamed release";
}

/**
 * Repositories of `listing` ("URI suite" a line) that carry `codename`. The distribution's own mirror is the one that
 * also carries `-updates`; other makers' repositories and the security archive have other suites or fewer.
 */
export function rankMirrors(listing, codename) {
  const suites = [codename, `${codename}-updates`, `${codename}-backports`];
  const byUri = new Map();
  for (const line of listing.split("\n")) {
    const [uri, release] = line.trim().split(" ");
    if (!suites.includes(release)) continue;
    byUri.set(uri, (byUri.get(uri) ?? new Set()).add(release));
  }
  return [...byUri].sort(([, a], [, b]) => b.size - a.size).map(([uri]) => uri);
}

async function downloadPackages(draft, mirrors, report) {
  const failures = [];
  for (const mirror of mirrors.slice(0, 3)) {
    try {
      const env = { ...process.env, APT_CONFIG: writeAptState(draft, mirror), LC_ALL: "C" };
      await report.run("apt-get", ["update"], { env });
      const names = [`${NODE_PACKAGE}/trixie-backports`, ...LIBRARIES.map((name) => `${name}/trixie`)];
      const cwd = join(draft, "packages");
      return await report.run("apt-get", ["download", ...names], { env, cwd });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error.message);
    }
  }
  throw new SetupError(
    `no bitcoind here, and apt could not fetch ${NODE_PACKAGE}: ${failures.join("; ")}`,
    HINT,
  );
}

/**
 * A private apt: its own source list, lists and cache, none of the system's hooks. Ways of reaching the mirror (proxies,
 * time-outs) are taken over. apt checks the archive's signature against the archive's key ring, as ever.
 */
function writeAptState(draft, mirror) {
  const apt = join(draft, "apt");
  rmSync(apt, { recursive: true, force: true });
  for (const folder of ["lists/partial", "cache/archives/partial", "../packages"]) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  const ring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const trust = existsSync(ring) ? `[arch=amd64 signed-by=${ring}]` : "[arch=amd64]";
  const suites = ["trixie", "trixie-backports"];
  writeFileSync(
    join(apt, "sources.list"),
    suites.map((suite) => `deb ${trust} ${mirror} ${suite} main\n`).join(""),
  );
  const dump = spawnSync("apt-config", ["dump"], { encoding: "utf8" }).stdout ?? "";
  const acquire = dump
    .split("\n")
    .filter((line) => /^Acquire::.*;$/.test(line) && !line.startsWith("Acquire::IndexTargets"));
  const options = {
    "Dir::Etc::Main": "/dev/null",
    "Dir::Etc::Parts": "/dev/null",
    "Dir::Etc::SourceList": join(apt, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::Etc::Preferences": "/dev/null",
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": apt,
    "Dir::State::Lists": join(apt, "lists"),
    "Dir::State::Status": "/dev/null",
    "Dir::Cache": join(apt, "cache"),
    "Dir::Log": apt,
    "APT::Sandbox::User": "root",
    "APT::Architecture": "amd64",
    "Acquire::Languages": "none",
  };
  const lines = [...acquire, ...Object.entries(options).map(([key, value]) => `${key} "${value}";`)];
  writeFileSync(join(apt, "apt.conf"), `${lines.join("\n")}\n`);
  return join(apt, "apt.conf");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = resolve(import.meta.dirname, "..", "..");
  const report = openReport({
    logFile: join(root, ".cache", "bitcoind.log"),
    quiet: process.argv.includes("--quiet"),
  });
  try {
    process.stdout.write(`${await ensureBitcoind(root, report)}\n`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(
      `error: ${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`,
    );
    process.exitCode = 10;
  } finally {
    await report.close();
  }
}
