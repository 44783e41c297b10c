import { headOf } from "../../../src/core/journal-entry.ts";
import type { Run } from "../../../src/terminal/command.ts";
import { drawTable } from "../../../src/terminal/table.ts";
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
        { head: "AT" },
        { head: "EVENT" },
        { head: "OUTCOME" },
        { head: "HEAD" },
      ],
      rows.map(({ number, at, event, outcome, head }) => [String(number), at, event, outcome, head]),
      call.io.stdout,
    ),
    warnings: tornWarnings(read),
  };
};
