/** F28, law 7: a host that fell behind a signer's journal by more than a receipt brings catches up by refusals, and is paid. */
import { expect, test } from "vitest";
import { headOf } from "../../../src/core/journal-entry.ts";
import { Refusal } from "../../../src/core/gate.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { refuse } from "../../../signer/gates/g12-sign.ts";
import type { SignerState } from "../../../signer/gates/state.ts";
import { makeLine, withLine } from "../../../signer/journal/journal.ts";
import { ask, build, decide, exported, makeDesk, receive, step } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { after, reviewed, signed } from "../../factory/gates.ts";
import { ANNA, at, fixtureDigest, SIGNER } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

/** `count` words that were imported at the signer, and that no receipt has shown. */
function grownBy(count: number, state: SignerState): SignerState {
  const word = fixtureDigest("a word");
  const journal = Array.from({ length: count }).reduce<SignerState["journal"]>(
    (long) => withLine(long, makeLine(long, "import", word, at("08:30:00"), SIGNER.seed)),
    state.journal,
  );
  return { ...state, journal };
}

test("the refusal's receipt shows a later head; the plan, exported again, names it and is signed", () => {
  const desk = makeDesk();
  const { id, intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const plan = build(desk).plan.id;
  const first = exported(desk, plan).request;
  expect(exported(desk, plan).request.digest).toBe(first.digest);

  const state = grownBy(LIMITS.receiptEntriesMax, stateFor(desk.custody));
  expect(codeOf(() => reviewed(first, state))).toBe("G3_HEAD_TOO_OLD");
  const refusal = refuse(first, new Refusal("G3", "HEAD_TOO_OLD", "too old"), SIGNER.seed, state);
  receive(desk, refusal.receipt);
  const shown = refusal.receipt.body.journal.at(-1)!.entry;

  const second = exported(desk, plan).request;
  expect(second.body.heads).toEqual([{ signer: SIGNER.name, epoch: 1, head: headOf(shown) }]);
  expect(exported(desk, plan).request.digest).toBe(second.digest);
  receive(desk, signed(second, after(state, refusal)).receipt);
  expect(step(desk, (tx) => PORTS.getWithdrawal(tx, id).state)).toBe("SIGNED");
});
