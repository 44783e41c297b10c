import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../../src/chains/bitcoin/index.ts";
import { fromBase64 } from "../../../../src/core/hex.ts";
import { makeCustody, openKeys, payout, stateFor, viewOf } from "../../../factory/custody.ts";
import { signedDocument, delegation } from "../../../factory/documents.ts";
import { after, reviewed } from "../../../factory/gates.ts";
import { at, OSCAR } from "../../../factory/identities.ts";
import { ask, planned, THREE_RUNGS } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { confirm } from "../../../../signer/gates/g11-confirm.ts";
import { signConfirmed, type RungRange } from "../../../../signer/gates/g12-sign.ts";

const custody = makeCustody();
const state = stateFor(custody);
const ladder = planned(custody, [payout(custody)], { options: THREE_RUNGS });
const request = ask(custody, [ladder]);

function sign(range?: RungRange) {
  const approved = reviewed(request, state);
  confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
  return signConfirmed(approved, openKeys(), state, range);
}

function signedPlan(range?: RungRange) {
  const { outcome } = sign(range).receipt.body;
  const [plan] = outcome.type === "signed" ? outcome.plans : [];
  return plan as NonNullable<typeof plan>;
}

describe("G12: rungs", () => {
  test("every rung and the cancel rung are signed, and each signature verifies", () => {
    const previous = request.body.previous.map((text) => fromBase64(text));
    const { rungs, cancel } = bitcoinCodec.decodePlan(ladder.plan.body, previous, viewOf(custody));
    const all = [...rungs, ...(cancel === undefined ? [] : [cancel])];
    const { rungs: signed } = signedPlan();
    expect(signed.map(({ rung }) => rung)).toEqual([0, 1, 2, "cancel"]);
    all.forEach(({ tx, transaction }, place) => {
      expect(signed[place]?.transaction).toBe(transaction);
      const signatures = signed[place]?.signatures ?? [];
      expect(() => bitcoinCodec.verifySignatures(tx, signatures)).not.toThrow();
      expect(bitcoinCodec.isComplete(tx, signatures)).toBe(true);
    });
  });

  test("only those asked for, and always the one that ends the plan", () => {
    expect(signedPlan({ from: 0, to: 1 }).rungs.map(({ rung }) => rung)).toEqual([0, 1, "cancel"]);
    expect(signedPlan({ from: 2, to: 5 }).rungs.map(({ rung }) => rung)).toEqual([2, "cancel"]);
    expect(codeOf(() => sign({ from: 3, to: 5 }))).toBe("G12_RUNG_UNKNOWN");
    expect(codeOf(() => sign({ from: 1, to: 0 }))).toBe("G12_RUNG_UNKNOWN");
  });

  test("the receipt remembers what counts: family, row, amount and the dearest fee", () => {
    const { intents, feeUnits, wallet } = signedPlan();
    const [{ intent }] = [payout(custody)];
    expect(wallet).toBe(custody.wallet.name);
    expect(feeUnits).toBe(ladder.plan.body.cancel?.feeUnits);
    expect(intents).toEqual([
      {
        family: {
          intent: intent.body.id,
          ...(intent.body.type === "withdrawal"
            ? { customer: intent.body.customer, clientKey: intent.body.clientKey }
            : {}),
        },
        intent: intent.digest,
        generation: 1,
        row: "small",
        units: "25000000",
      },
    ]);
  });

  test("a signature made for some rungs binds for all of them", () => {
    const next = after(state, sign({ from: 0, to: 0 }));
    const elsewhere = planned(custody, [payout(custody)], { coins: [{ units: 70_000_000n, index: 4 }] });
    expect(codeOf(() => reviewed(ask(custody, [elsewhere]), next))).toBe("G10_NO_SHARED_COIN");
    expect(codeOf(() => reviewed(ask(custody, [ladder], { label: "the rest" }), next))).toBe("none");
  });
});

test("G2: a delegation by the operator's key counts only in the way the policy says that it signs", () => {
  const identities = custody.policy.body.identities.map((each) =>
    each.name === OSCAR.name ? { ...each, alg: "sshsig-sk" as const } : each,
  );
  const policy = { ...custody.policy, body: { ...custody.policy.body, identities } };
  const lent = signedDocument(delegation({ custody: custody.id }), [OSCAR], at("08:05:00"));
  const verdict = (given: typeof state) =>
    codeOf(() => reviewed(ask(custody, [ladder], { delegation: lent }), given));
  expect(verdict(state)).toBe("none");
  expect(verdict({ ...state, policy })).toBe("G2_DELEGATION_UNSIGNED");
});
