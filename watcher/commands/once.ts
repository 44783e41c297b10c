import { formatAmount } from "../../src/core/amount.ts";
import type { AssetId } from "../../src/core/asset.ts";
import { nameInKey } from "../../src/core/conflict-key.ts";
import type { Run } from "../../src/terminal/command.ts";
import { drawTable } from "../../src/terminal/table.ts";
import type { WatcherEvent } from "../log.ts";
import { beginRounds } from "../metrics/rounds.ts";
import { channelsOf } from "../notify/channels.ts";
import { round, tell } from "../round.ts";

/** One pass, and the messages that are due. Its events are the answer. */
export const run: Run = async (call) => {
  const events: WatcherEvent[] = [];
  const log = (event: WatcherEvent) => void events.push(event);
  const channels = channelsOf(call.io);
  try {
    await round(call, log, beginRounds(call.io.now(), 0), channels);
  } finally {
    await tell(call, log, channels);
  }
  return {
    data: events,
    text: drawTable(
      [{ head: "EVENT" }, { head: "SUBJECT" }, { head: "DETAIL" }],
      events.map((event) => [
        event.event,
        // A coin as nodes write it: the chain before it is the same in every line, and longer than the line.
        nameInKey(String(event["transaction"] ?? event["coin"] ?? event["kind"] ?? "")),
        detailOf(event),
      ]),
      call.io.stdout,
    ),
    next: nextOf(events),
  };
};

// What went wrong comes before the daily work.
function nextOf(events: readonly WatcherEvent[]): string {
  const told = events.find(({ level, next }) => level !== undefined && typeof next === "string");
  return String(told?.["next"] ?? "custody withdraw queue");
}

function detailOf({ reason, confirmations, units, asset }: WatcherEvent): string {
  if (reason !== undefined) return String(reason);
  if (confirmations !== undefined) return confirmed(confirmations);
  return units === undefined ? "" : formatAmount({ asset: asset as AssetId, units: String(units) });
}

function confirmed(blocks: unknown): string {
  return `${String(blocks)} confirmation${blocks === 1 ? "" : "s"}`;
}
