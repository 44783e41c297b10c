import { LETTER_PORTS } from "../../home/ports.ts";
import { reviveDelivery } from "../../store/alerts.ts";
import type { Run } from "../../terminal/command.ts";
import { requeueLetter } from "../../withdrawals/settling/dead-letters.ts";
import { decideLetter } from "./decide.ts";

/** Two persons have a dead letter's step tried again: another round of as many tries. */
export const run: Run = (call) =>
  decideLetter(call, "requeue", (tx, letter) => {
    const { entity, id } = letter.subject;
    if (entity === "delivery") reviveDelivery(tx, id);
    return requeueLetter(LETTER_PORTS, tx, letter);
  });
