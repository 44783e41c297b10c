import type { Id } from "../src/core/identifier.ts";
import { visibleText } from "../src/core/text.ts";
import type { Io } from "../src/terminal/io.ts";

/** What the watcher did or saw. `operation` is the id that its audit rows carry. */
export type WatcherEvent = {
  readonly event: string;
  readonly level?: "info" | "warn" | "error" | undefined;
  readonly operation?: Id | undefined;
  readonly [fact: string]: string | number | undefined;
};

export type Log = (event: WatcherEvent) => void;

/** One JSON object a line on stdout with --json, else one readable line on stderr. */
export function logTo(io: Io, json: boolean): Log {
  return ({ event, level = "info", ...facts }) => {
    if (json) io.stdout.write(`${JSON.stringify({ time: io.now(), level, event, ...facts })}\n`);
    else io.stderr.write(`${io.now()} ${level} ${event} ${describe(facts)}\n`);
  };
}

function describe(facts: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${visibleText(String(value))}`)
    .join(" ");
}
