import { parseId } from "../../core/identifier.ts";
import { withOnline } from "../../home/online.ts";
import { getLetter } from "../../store/dead-letters.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { describeLetter, letterFacts } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const letter = getLetter(store, parseId(call.args[0] ?? "", "letter"));
    return {
      data: describeLetter(letter),
      text: drawFacts(letterFacts(letter)),
      next:
        letter.state === "REQUEUED"
          ? "custody dlq list"
          : `custody dlq requeue ${letter.id} --out warrant.json`,
    };
  });
