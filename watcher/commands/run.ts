import { CustodyError } from "../../src/core/errors.ts";
import { CANCELLED } from "../../src/terminal/prompt.ts";
import { countFlag, type Run } from "../../src/terminal/command.ts";
import { logTo } from "../log.ts";
import { pass } from "../pass.ts";

/** Trouble that another pass may not meet any more: an unreachable node, a locked database. */
const PASSING = new Set(["network", "local"]);

/** Passes until SIGINT or SIGTERM; the pass under way ends first. Nothing is kept in memory between passes. */
export const run: Run = async (call) => {
  const { io } = call;
  const log = logTo(io, call.json);
  const pauseMs = 1000 * countFlag(call.flags, "interval", { min: 1, max: 3600, otherwise: 15 });
  const stop = new AbortController();
  const forget = io.onStop(() => stop.abort());
  log({ event: "started" });
  try {
    while (!stop.signal.aborted) {
      await pass(call, log).catch((error: unknown) => {
        if (!(error instanceof CustodyError) || !PASSING.has(error.exit)) throw error;
        log({ event: "pass failed", level: "error", code: error.code, reason: error.message });
      });
      if (!stop.signal.aborted) await io.sleep(pauseMs, stop.signal);
    }
  } finally {
    forget();
  }
  throw CANCELLED("stopped; nothing was left half done");
};
