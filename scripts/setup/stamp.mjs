import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const SOURCES = [
  "bin",
  "src",
  "signer",
  "watcher",
  "demo",
  "scripts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];

/** What the installed packages depend on: the lock file, and the node that native code was built for. */
export function packagesFingerprint(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  return sha256(`${process.platform} ${process.arch} ${process.versions.modules}\n`, lock);
}

/** Which of other makers' code the tests ask for. */
export function makersFingerprint(root) {
  return sha256(readFileSync(join(root, "test", "makers", "requirements.txt")));
}

/** Of what the Soroban test node, or the contracts that run in it, are built from: what the files hold. */
export function sorobanFingerprint(root, ...names) {
  const lines = [];
  for (const name of names) walk(root, join("test", "soroban-host", name), lines, heldBy);
  return sha256(lines.join("\n"));
}

const heldBy = (path) => sha256(readFileSync(path));
const sizeAndTime = (_path, stat) => `${stat.size} ${stat.mtimeMs}`;

/** Names, sizes and times of all sources: any edit, new file or deletion changes it. A walk takes a few milliseconds. */
export function sourcesFingerprint(root) {
  const lines = [];
  for (const name of SOURCES) walk(root, name, lines);
  return sha256(lines.join("\n"));
}

function walk(root, name, lines, state = sizeAndTime) {
  const stat = lstatSync(join(root, name), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.isDirectory()) {
    for (const entry of readdirSync(join(root, name)).sort()) walk(root, `${name}/${entry}`, lines, state);
  } else {
    lines.push(`${name} ${state(join(root, name), stat)}`);
  }
}

/** Which bitcoind was chosen, and that it is still the same file. */
export function bitcoindFingerprint(path, choice) {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "" : sha256(`${choice ?? ""}\n${path}\n${stat.size} ${stat.mtimeMs}`);
}

export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Written whole or not at all: half a stamp must not pass for a finished step. */
export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

/** Taken away before a step begins, so that a step that was cut short is done again. */
export function dropStamp(file) {
  rmSync(file, { force: true });
}

function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
