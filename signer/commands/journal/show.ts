import { headOf } from "../../../src/core/journal-entry.ts";
import type { Run } from "../../../src/terminal/command.ts";
import { drawTable, grouped } from "../../../src/terminal/table.ts";
import { tornWarnings } from "../../journal/journal-file.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";

export const run: Run = async (call) => {
  const { read } = load(homeOfCall(call));
  const rows = read.journal.lines.map(({ entry, receipt }) => {
    const outcome = receipt?.body.outcome;
    return {
      number: entry.number,
      at: entry.at,
      event: entry.event,
      outcome:
        outcome === undefined
          ? ""
          : outcome.type === "signed"
            ? "signed"
            : `refused ${outcome.gate} ${outcome.rule}`,
      subject: entry.subject,
      head: headOf(entry),
    };
  });
  return {
    data: { head: read.journal.head, time: read.journal.time, entries: rows },
    text: drawTable(
      [
        { head: "NO", align: "right" },
        // Journal time: the signed time of what was judged, not the machine's clock (law 12).
        { head: "SIGNED TIME" },
        { head: "EVENT" },
        { head: "OUTCOME" },
        { head: "HEAD" },
      ],
      rows.map(({ number, at, event, outcome, head }) => [
        String(number),
        event === "init" ? "-" : at,
        event,
        outcome,
        grouped(head),
      ]),
      call.io.stdout,
    ),
    warnings: tornWarnings(read),
  };
};
