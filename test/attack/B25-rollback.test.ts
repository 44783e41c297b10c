/**
 * B25: a policy that is walked around by restarting, or by putting an old disk back. What was signed counts from the
 * journal, sent or not; heads that others have seen and the officer's logbook find a journal that went back; a no is
 * written down, and says nothing of the request.
 */
import { expect, test } from "vitest";
import type { Digest } from "../../src/core/digest.ts";
import { fixtureDigest } from "../factory/identities.ts";
import { ANN, BEN, makeHouse, SIGNERS } from "./bench/house.ts";
import { said, type Machine } from "./bench/machine.ts";
import type { CoinSet } from "./bench/grounds/ground.ts";
import { bytesOf, planOf, requestOf, withdrawal, word } from "./bench/papers.ts";
import { IN_PROCESS } from "./bench/stage.ts";
import { HOUSE, onePayment, withOutput, THIEF_SCRIPT } from "./one-payment.ts";
import { pair } from "./pair.ts";

type Offer = { readonly label: string; readonly set: CoinSet; readonly heads?: readonly Digest[] };

/** A payment of 20,000,000 sat, which has its own family, out of a coin of its own. */
function bytes({ label, set, heads = [] }: Offer, house = HOUSE): Uint8Array {
  const intent = withdrawal(house, { label });
  const seen = heads.map((head) => ({ signer: SIGNERS[0].who.name, epoch: 1, head }));
  return bytesOf(
    requestOf(house, {
      plans: [planOf(house, [{ intent }], { sets: [set] })],
      intents: [intent],
      approvals: [ANN, BEN].map((who) => word(house, intent, who, { heads: seen })),
      label,
    }),
  );
}

const second = (heads: readonly Digest[] = []) => ({ label: "second", set: "b", heads }) as const;

/** A signer that has signed a first payment; `back` undoes that, as an old disk would. */
function afterFirst(back: boolean, house = HOUSE): { readonly machine: Machine; readonly head: Digest } {
  const machine = IN_PROCESS.machine(house);
  const before = machine.journal.lines.length;
  expect(said(machine.offer(bytes({ label: "first", set: "a" }, house)))).toBe("signed");
  const { head } = machine.journal;
  if (back) machine.rollBack(before);
  return { machine, head };
}

pair("B25", "the disk is put back, and approvers have seen what came after", {
  good: () => false,
  bad: () => true,
  judge(back) {
    const { machine, head } = afterFirst(back);
    machine.logbook = machine.journal.head; // a forged book: the head alone must stop it
    return said(machine.offer(bytes(second([head]))));
  },
  accepted: "signed",
  refused: "G3 ROLLED_BACK",
  removes: ["a head that others have seen is in the journal"],
  without: "signed",
});

pair("B25", "the disk is put back, and the logbook remembers", {
  good: () => false,
  bad: () => true,
  judge: (back) => said(afterFirst(back).machine.offer(bytes(second()))),
  accepted: "signed",
  refused: "G11 LOGBOOK_HEAD_UNKNOWN",
  removes: ["the logbook's head is in the journal"],
  without: "signed",
});

// Two of three signers: each may sign two thirds of a day's 45,000,000.
const strict = makeHouse({ row: { limits: { dayUnits: "45000000", monthUnits: "1000000000" } } });

pair("B25", "a payment that was signed and never sent shall not count, after a restart", {
  good: () => IN_PROCESS.machine(strict),
  bad: (fresh) => {
    const { machine } = afterFirst(false, strict);
    fresh.journal = machine.journal;
    fresh.logbook = machine.logbook;
    return fresh;
  },
  judge(machine) {
    const { journal } = machine;
    const answer = said(machine.offer(bytes(second(), strict)));
    machine.journal = journal;
    return answer;
  },
  accepted: "signed",
  refused: "G9 LIMIT_DAY",
  removes: ["limits are those of the policy"],
  without: "signed",
});

test("B25: a no is journalled, its receipt echoes nothing, and it binds nothing", () => {
  const machine = IN_PROCESS.machine(HOUSE);
  const before = machine.journal.lines.length;
  const bad = withOutput(onePayment(), "change", ({ units }) => ({ units, script: THIEF_SCRIPT }));
  const answer = machine.offer(bytesOf(requestOf(HOUSE, bad)));
  expect(said(answer)).toBe("G8 CHANGE_FALSE");
  expect(machine.journal.lines).toHaveLength(before + 1);
  const { outcome } = answer.receipt?.body ?? {};
  expect(outcome).toEqual({ type: "refused", gate: "G8", rule: "CHANGE_FALSE" });
  expect(said(machine.offer(bytesOf(requestOf(HOUSE, onePayment()))))).toBe("signed");
});

test("B25: a head that is made up stops nobody but through an approver's word", () => {
  const machine = IN_PROCESS.machine(HOUSE);
  expect(said(machine.offer(bytes(second([fixtureDigest("never seen")]))))).toBe("G3 ROLLED_BACK");
  expect(said(machine.offer(bytes(second())))).toBe("signed");
});
