/** What /metrics and /health answer. */
import { CustodyError } from "../../src/core/errors.ts";
import { tipAgeMax } from "../../src/home/node.ts";
import { databaseFile, networkOfHome } from "../../src/home/online.ts";
import { closeStore, openStore } from "../../src/store/database.ts";
import type { Call } from "../../src/terminal/command.ts";
import { newestBackup } from "../backups.ts";
import { databaseMetrics, roundMetrics } from "./collect.ts";
import { doubts, tipAilments } from "./chain-round.ts";
import { ailments, type Rounds } from "./rounds.ts";
import type { Answer, Answers } from "./server.ts";
import { METRICS_TYPE, metricsText, type Metric } from "./text.ts";

export function answersFor(call: Call, rounds: Rounds): Answers {
  return { "/metrics": () => metrics(call, rounds), "/health": () => health(call, rounds) };
}

function metrics(call: Call, rounds: Rounds): Answer {
  const now = call.io.now();
  const found = fromDatabase(call);
  const read: Metric = {
    name: "custody_database_read",
    type: "gauge",
    help: "1 when the database could be read for this answer.",
    samples: [{ value: found === undefined ? 0 : 1 }],
  };
  const body = metricsText([...roundMetrics(rounds, now), read, ...(found ?? [])]);
  return { status: 200, type: METRICS_TYPE, body };
}

// With a connection of its own, opened for this answer: a pass under way has the other.
function fromDatabase(call: Call): readonly Metric[] | undefined {
  try {
    const network = networkOfHome(call.home);
    const store = openStore(databaseFile(call.home, network), { network });
    try {
      return databaseMetrics(store, call.io.now(), newestBackup({ call, network })?.at);
    } finally {
      closeStore(store);
    }
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function health(call: Call, rounds: Rounds): Answer {
  const now = call.io.now();
  const ofChains = [...rounds.chains].flatMap(([chain, round]) =>
    [...tipAilments(round, now, tipAgeMax(call.io, chain)), ...doubts(round, now)].map(
      (why) => `${chain}: ${why}`,
    ),
  );
  const reasons = [...ailments(rounds, now), ...ofChains];
  const [status, word] = reasons.length === 0 ? [200, "ok"] : [503, "failing"];
  return {
    status,
    type: "application/json",
    body: `${JSON.stringify({ status: word, reasons })}\n`,
  };
}
