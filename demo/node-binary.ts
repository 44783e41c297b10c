import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { declareError } from "../src/core/errors.ts";

export const NODE_NOT_FOUND = declareError(
  "NODE_NOT_FOUND",
  "notFound",
  "There is no bitcoind to start for the demo or a test.",
);
export const NODE_NOT_STARTED = declareError("NODE_NOT_STARTED", "local", "A local bitcoind did not start.");

const VERSION_MIN = 25;

/**
 * The bitcoind that set-up would choose: CUSTODY_BITCOIND, then version 25 or newer on PATH, then the project's cache.
 * `root` is the project's folder. @throws NODE_NOT_FOUND
 */
export function findNodeBinary(root: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = env["CUSTODY_BITCOIND"];
  if (named !== undefined && named !== "") {
    if (isRecent(named)) return resolve(named);
    throw notFound(`CUSTODY_BITCOIND names no bitcoind of version ${VERSION_MIN} or newer`);
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [
    ...folders.map((folder) => join(folder, "bitcoind")),
    join(root, ".cache", "bitcoind", "bitcoind"),
  ];
  const found = candidates.find((path) => existsSync(path) && isRecent(path));
  if (found === undefined) throw notFound("no bitcoind on PATH or in the project's cache");
  return found;
}

function isRecent(path: string): boolean {
  const { stdout } = spawnSync(path, ["-version"], { encoding: "utf8", timeout: 10_000 });
  const match = /^Bitcoin\b.{0,40}\bversion v?([1-9][0-9]{0,3})\./.exec(stdout ?? "");
  return match !== null && Number.parseInt(match[1] as string, 10) >= VERSION_MIN;
}

function notFound(what: string) {
  return NODE_NOT_FOUND(what, { field: "CUSTODY_BITCOIND", hint: "npm run setup" });
}
