import type { Run } from "../../src/terminal/command.ts";
import { drawTable } from "../../src/terminal/table.ts";
import type { WatcherEvent } from "../log.ts";
import { pass } from "../pass.ts";

/** One pass. Its events are the answer. */
export const run: Run = async (call) => {
  const events: WatcherEvent[] = [];
  await pass(call, (event) => events.push(event));
  return {
    data: events,
    text: drawTable(
      [{ head: "EVENT" }, { head: "SUBJECT" }, { head: "DETAIL" }],
      events.map(({ event, transaction, coin, confirmations, units, reason }) => [
        event,
        String(transaction ?? coin ?? ""),
        String(reason ?? (confirmations === undefined ? (units ?? "") : confirmed(confirmations))),
      ]),
      call.io.stdout,
    ),
    next: "custody withdraw queue",
  };
};

function confirmed(blocks: unknown): string {
  return `${String(blocks)} confirmation${blocks === 1 ? "" : "s"}`;
}
