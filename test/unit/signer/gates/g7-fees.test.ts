/**
 * G7 by itself, over plans whose decoded fees are not what the plan says. The codec refuses such bytes before (G8): this
 * is the line behind it, for a codec that misreads them (F15).
 */
import { expect, test } from "vitest";
import { markConfirmed, takeConfirmed } from "../../../../signer/gates/approved.ts";
import { assertFees } from "../../../../signer/gates/g7-fees.ts";
import { knownHead } from "../../../../signer/gates/g12-sign.ts";
import { goodRequest, makeCustody, stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const state = stateFor(custody);
const request = goodRequest(custody);
const approved = reviewed(request, state);
markConfirmed(approved);
const { plans } = takeConfirmed(approved);

type Matched = (typeof plans)[number];
type Attempt = Matched["rungs"][number];

const dearer = <A extends Attempt>(attempt: A): A => ({
  ...attempt,
  fee: { ...attempt.fee, units: attempt.fee.units + 1n },
});
const verdict = (change: (matched: Matched) => Matched) => codeOf(() => assertFees(plans.map(change), state));

test("fees that are what the plan says are admitted", () => {
  expect(plans).toHaveLength(1);
  expect(verdict((matched) => matched)).toBe("none");
});

test("a rung whose bytes pay another fee than the plan says", () => {
  expect(verdict((matched) => ({ ...matched, rungs: matched.rungs.map(dearer) }))).toBe("G7_FEE_MISSTATED");
});

test("a cancel rung whose bytes pay another fee than the plan says", () => {
  expect(verdict(({ cancel, ...rest }) => ({ ...rest, cancel: cancel && dearer(cancel) }))).toBe(
    "G7_FEE_MISSTATED",
  );
});

test("an attempt of which the plan says nothing is refused, and is no crash", () => {
  // The first two cost what is stated; nothing is stated of the third.
  const third = ({ cancel, rungs, ...rest }: Matched): Matched => ({
    ...rest,
    rungs: cancel === undefined ? rungs : [...rungs, cancel],
    cancel,
  });
  expect(verdict(third)).toBe("G7_FEE_MISSTATED");
});

test("the head that the online host holds is this signer's, of this epoch, and in its journal", () => {
  const { name, epoch } = state.self;
  const heads = (list: readonly object[]) =>
    knownHead({ ...request, body: { ...request.body, heads: list } } as typeof request, state);
  const own = { signer: name, epoch, head: state.journal.head };
  expect(heads([own])).toBe(state.journal.head);
  expect(heads([])).toBeUndefined();
  expect(heads([{ ...own, signer: `${name}-2` }])).toBeUndefined();
  expect(heads([{ ...own, epoch: epoch + 1 }])).toBeUndefined();
  expect(heads([{ ...own, head: fixtureDigest("a head that nobody wrote") }])).toBeUndefined();
});
