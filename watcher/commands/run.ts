import { CustodyError } from "../../src/core/errors.ts";
import { withOnline } from "../../src/home/online.ts";
import { CANCELLED } from "../../src/terminal/prompt.ts";
import { countFlag, optionalFlag, type Call, type Run } from "../../src/terminal/command.ts";
import { logTo, type Log } from "../log.ts";
import { answersFor } from "../metrics/answers.ts";
import { beginRounds, type Rounds } from "../metrics/rounds.ts";
import { serve, type Serving } from "../metrics/server.ts";
import { channelsOf } from "../notify/channels.ts";
import { giveUpUnset } from "../notify/deliver.ts";
import type { Channel } from "../notify/port.ts";
import { isPassing, round, tell } from "../round.ts";

/**
 * Passes until SIGINT or SIGTERM; the pass under way ends first. What is kept in memory between passes are figures about
 * them. Messages leave while the watcher pauses, so that no receiver holds up a pass.
 */
export const run: Run = async (call) => {
  const { io } = call;
  const log = logTo(io, call.json);
  const interval = countFlag(call.flags, "interval", { min: 1, max: 3600, otherwise: 15 });
  const channels = channelsOf(io);
  const rounds = beginRounds(io.now(), interval);
  const serving = await serveMetrics(call, rounds, log);
  const stop = new AbortController();
  const forget = io.onStop(() => stop.abort());
  log({ event: "started", channels: ["log", ...channels.map(({ name }) => name)].join(",") });
  try {
    while (!stop.signal.aborted) {
      await onePass(call, log, rounds, channels);
      if (stop.signal.aborted) break;
      await Promise.all([tell(call, log, channels), io.sleep(1000 * interval, stop.signal)]);
    }
  } finally {
    forget();
    await serving?.close();
  }
  throw CANCELLED("stopped; nothing was left half done");
};

async function onePass(call: Call, log: Log, rounds: Rounds, channels: readonly Channel[]): Promise<void> {
  try {
    await round(call, log, rounds, channels);
    await withOnline(call, (online) => giveUpUnset(online, channels, log));
  } catch (error) {
    const known = error instanceof CustodyError;
    const [code, reason] = known ? [error.code, error.message] : ["BUG", "a fault of this program"];
    log({ event: "pass failed", level: "error", code, reason });
    if (isPassing(error)) return;
    // The watcher ends here, and nobody would say so.
    await tell(call, log, channels);
    throw error;
  }
}

async function serveMetrics(call: Call, rounds: Rounds, log: Log): Promise<Serving | undefined> {
  if (optionalFlag(call.flags, "metricsPort") === undefined) return undefined;
  const port = countFlag(call.flags, "metricsPort", { min: 0, max: 65_535, otherwise: 9332 });
  const serving = await serve(port, answersFor(call, rounds));
  log({ event: "metrics", address: `http://127.0.0.1:${serving.port}/metrics` });
  return serving;
}
