import { counted } from "../../../src/core/count.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import type { Run } from "../../../src/terminal/command.ts";
import { drawTable, grouped } from "../../../src/terminal/table.ts";
import { tornWarnings } from "../../journal/journal-file.ts";
import type { JournalLine } from "../../journal/journal.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";

export const run: Run = async (call) => {
  const { read } = load(homeOfCall(call));
  const { archive, lines, head, time } = read.journal;
  const rows = [...archive.map((line) => rowOf(line, true)), ...lines.map((line) => rowOf(line, false))];
  return {
    data: { head, time, entries: rows },
    text: drawTable(
      [
        { head: "NO", align: "right" },
        // Journal time: the signed time of what was judged, not the machine's clock (law 12).
        { head: "SIGNED TIME" },
        { head: "EVENT" },
        { head: "OUTCOME" },
        { head: "HEAD" },
      ],
      rows.map(({ number, at, event, outcome, former, head: after }) => [
        former ? `former ${number}` : String(number),
        event === "init" ? "-" : at,
        event,
        outcome,
        grouped(after),
      ]),
      call.io.stdout,
    ),
    warnings: tornWarnings(read),
  };
};

function rowOf(line: JournalLine, former: boolean) {
  const { number, at, event, subject } = line.entry;
  return { number, at, event, outcome: outcomeOf(line), subject, head: headOf(line.entry), former };
}

function outcomeOf({ entry, receipt, document }: JournalLine): string {
  if (receipt !== undefined) {
    const { outcome } = receipt.body;
    return outcome.type === "signed" ? "signed" : `refused ${outcome.gate} ${outcome.rule}`;
  }
  switch (document?.body.kind) {
    case undefined:
      return entry.event === "import" ? "former epoch's journal" : "";
    case "void":
      return `intent ${document.body.family.intent}, ${counted(document.body.attempts.length, "attempt")}`;
    case "approval":
      return `rejection of ${document.body.intent}`;
    case "halt":
      return `halt of ${document.body.scope.of === "wallet" ? document.body.scope.wallet : "everything"}`;
    case "resume":
      return `end of halt ${document.body.halt}`;
  }
}
