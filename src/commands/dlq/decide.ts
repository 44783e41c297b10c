/** What two persons decide about a dead letter, in the way that both verbs share. */
import { parseId } from "../../core/identifier.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { getLetter, type Letter } from "../../store/dead-letters.ts";
import type { Tx } from "../../store/transaction.ts";
import { optionalFlag, type Call, type Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { draftWarrant, readWarrant } from "../warrants.ts";
import { describeLetter, letterFacts } from "./draw.ts";

/** Drafts the warrant for `act`, or with `--warrant` does `work` and keeps the warrant beside it. */
export async function decideLetter(
  call: Call,
  act: "requeue" | "drop",
  work: (tx: Tx, letter: Letter) => Letter,
): Promise<Outcome> {
  return withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const letter = getLetter(online.store, parseId(call.args[0] ?? "", "letter"));
    const allowed = { do: act, letter: letter.id, attempts: letter.attempts } as const;
    if (optionalFlag(call.flags, "warrant") === undefined) {
      const next = await draftWarrant(call, policy, allowed);
      return { data: describeLetter(letter), text: drawFacts(letterFacts(letter)), next };
    }
    requireSession(online);
    const warrant = await readWarrant(call, policy, allowed);
    const after = change(online, (tx) => {
      PORTS.saveDocument(tx, warrant);
      return work(tx, letter);
    });
    return {
      data: describeLetter(after),
      text: drawFacts(letterFacts(after)),
      next: act === "requeue" ? "custody-watcher once" : "custody dlq list",
    };
  });
}
