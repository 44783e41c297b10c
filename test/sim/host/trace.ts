/**
 * Where the process can be killed: before and after each commit, each message to a node, and each file that gets its
 * name. What lies between two of these leaves no trace that another process could see.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import BetterSqlite3 from "better-sqlite3";

let points: string[] = [];
let fatal: number | undefined;

/** Begins to count anew. @param crashAt the point at which the process ends, the first being 1 */
export function startTrace(crashAt: number | undefined): void {
  points = [];
  fatal = crashAt;
}

/** The points that were passed since the start. */
export function passedPoints(): readonly string[] {
  return points;
}

export function pass(point: string): void {
  points.push(point);
  // Like a power cut: no handler runs, nothing is flushed, and SQLite's lock goes with the process.
  if (points.length === fatal) process.kill(process.pid, "SIGKILL");
}

/** Makes commits and new names of files pass points. */
export function traceWrites(): void {
  const database = BetterSqlite3.prototype as { exec: (sql: string) => unknown };
  const { exec } = database;
  database.exec = function (sql) {
    if (sql !== "COMMIT") return exec.call(this, sql);
    pass("before commit");
    const result = exec.call(this, sql);
    pass("after commit");
    return result;
  };
  for (const name of ["linkSync", "renameSync"] as const) {
    const original = fs[name];
    fs[name] = (from, to) => {
      pass(`before ${name}`);
      original(from, to);
      pass(`after ${name}`);
    };
  }
  syncBuiltinESMExports();
}
