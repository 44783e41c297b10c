/** What two persons decide about a dead letter, in the way that both verbs share. */
import { parseId } from "../../core/identifier.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { getLetter, type Letter } from "../../store/dead-letters.ts";
import type { Tx } from "../../store/transaction.ts";
import type { Call, Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { byWarrant } from "../warrants.ts";
import { describeLetter, letterFacts } from "./draw.ts";

/** Drafts the warrant for `act`, or with `--warrant` does `work`. */
export async function decideLetter(
  call: Call,
  act: "requeue" | "drop",
  work: (tx: Tx, letter: Letter) => Letter,
): Promise<Outcome> {
  return withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const letter = getLetter(online.store, parseId(call.args[0] ?? "", "letter"));
    const allowed = { do: act, letter: letter.id, attempts: letter.attempts } as const;
    const result = await byWarrant(online, policy, allowed, (tx) => work(tx, letter));
    const after = result.drafted ? letter : result.done;
    const done = act === "requeue" ? "custody-watcher once" : "custody dlq list";
    return {
      data: describeLetter(after),
      text: drawFacts(letterFacts(after)),
      next: result.drafted ? result.next : done,
    };
  });
}
