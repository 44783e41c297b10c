import { declareError } from "../../core/errors.ts";
import { LETTER_EDGES, type LetterState } from "../../core/states/letters.ts";
import { withOnline } from "../../home/online.ts";
import { listLetters } from "../../store/dead-letters.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { PAGE_ROWS, pageOf } from "../page.ts";
import { describeLetter } from "./draw.ts";

export const LETTER_STATE_UNKNOWN = declareError(
  "LETTER_STATE_UNKNOWN",
  "usage",
  "Dead letters have no state of a name.",
);

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const page = pageOf(call.flags);
    const asked = (optionalFlag(call.flags, "state") ?? "OPEN").toUpperCase();
    const found = listLetters(store, readState(asked), page);
    const [first, last] = [found[0], found.at(-1)];
    const more = [
      "custody dlq list",
      ...(asked === "OPEN" ? [] : [`--state ${asked}`]),
      ...(page.limit === PAGE_ROWS ? [] : [`--limit ${page.limit}`]),
      `--after ${last?.id}`,
    ].join(" ");
    return {
      data: found.map(describeLetter),
      text: drawTable(
        [
          { head: "STATE" },
          { head: "CLASS" },
          { head: "FAILED", align: "right" },
          { head: "LAST" },
          { head: "ABOUT" },
          { head: "LETTER" },
        ],
        found.map(({ id, state, class: reason, attempts, lastFailed, subject }) => [
          state,
          reason,
          String(attempts),
          lastFailed,
          `${subject.entity} ${subject.step}`,
          id,
        ]),
        call.io.stdout,
      ),
      next: found.length === page.limit ? more : first && `custody dlq show ${first.id}`,
    };
  });

function readState(text: string): LetterState | undefined {
  if (text === "ALL") return undefined;
  if (Object.hasOwn(LETTER_EDGES, text)) return text as LetterState;
  throw LETTER_STATE_UNKNOWN(`dead letters have no state ${JSON.stringify(text)}`, {
    field: "--state",
    hint: `${Object.keys(LETTER_EDGES).join(" | ")} | ALL`,
  });
}
