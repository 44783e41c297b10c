import type { Run } from "../../terminal/command.ts";
import { LETTER_PORTS } from "../../home/ports.ts";
import { mayStillMove } from "../../store/dead-letters.ts";
import { dropLetter } from "../../withdrawals/settling/dead-letters.ts";
import { decideLetter } from "./decide.ts";

/** Two persons put a dead letter away; not one about what may still move coins. */
export const run: Run = (call) =>
  decideLetter(call, "drop", (tx, letter) =>
    dropLetter(LETTER_PORTS, tx, letter, mayStillMove(tx, letter.subject)),
  );
