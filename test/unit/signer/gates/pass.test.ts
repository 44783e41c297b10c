import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import { REVIEW } from "../../../../src/core/documents/review.ts";
import { fromEmbedded } from "../../../../src/core/document.ts";
import { verifySignature } from "../../../../src/core/signature.ts";
import { bitcoinCodec } from "../../../../src/chains/bitcoin/index.ts";
import { fromBase64 } from "../../../../src/core/hex.ts";
import {
  goodRequest,
  makeCustody,
  openKeys,
  OTHER_PAYEE,
  payout,
  stateFor,
  viewOf,
} from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { ANNA, OLGA, OSCAR, SIGNER } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { markConfirmed, register, takeConfirmed } from "../../../../signer/gates/approved.ts";
import { signConfirmed } from "../../../../signer/gates/g12-sign.ts";
import { confirm } from "../../../../signer/gates/g11-confirm.ts";

const custody = makeCustody();

describe("the whole way through the gates", () => {
  test("a good request is reviewed from its bytes and signed", () => {
    const state = stateFor(custody);
    const request = goodRequest(custody);
    const { receipt } = signed(request, state);
    const { outcome } = receipt.body;
    expect(outcome.type).toBe("signed");
    if (outcome.type !== "signed") return;
    const [plan] = outcome.review.plans;
    expect(outcome.review.operator).toEqual({ name: OSCAR.name, person: OSCAR.person });
    expect(plan?.rungs[0]?.effects).toContainEqual(
      expect.objectContaining({ type: "pay", units: "25000000" }),
    );
    expect(plan?.rungs[0]?.effects.find(({ type }) => type === "pay")).toMatchObject({
      approvedBy: [ANNA.name],
    });

    const [planBody] = request.body.plans;
    const previous = request.body.previous.map((text) => fromBase64(text));
    const decoded = bitcoinCodec.decodePlan(
      planBody as NonNullable<typeof planBody>,
      previous,
      viewOf(custody),
    );
    const attempt = decoded.rungs[0] as NonNullable<(typeof decoded.rungs)[0]>;
    const signatures = outcome.plans[0]?.rungs[0]?.signatures ?? [];
    expect(() => bitcoinCodec.verifySignatures(attempt.tx, signatures)).not.toThrow();
    expect(bitcoinCodec.combine(attempt.tx, signatures).length).toBeGreaterThan(100);

    const review = fromEmbedded(REVIEW, outcome.review);
    expect(review.signatures.map(({ by }) => by)).toEqual([OLGA.key]);
    expect(review.signatures.every((signature) => verifySignature(review.digest, signature))).toBe(true);
    expect(receipt.signatures.map(({ by }) => by)).toEqual([SIGNER.key]);
    expect(receipt.body.journal.map(({ entry }) => entry.event)).toEqual(["init", "pin"]);
  });

  test("the unsigned receipt is a function of request, policy, journal and confirmation", () => {
    const state = stateFor(custody);
    const late = stateFor(custody, { clock: "2026-11-22T10:00:00Z" as typeof state.clock });
    expect(signed(goodRequest(custody), state).receipt).toEqual(signed(goodRequest(custody), late).receipt);
  });

  test("a receipt carries the entries after the head that the online host holds", () => {
    const state = stateFor(custody);
    const next = after(state, signed(goodRequest(custody), state));
    const payouts = [payout(custody, { label: "order 78", address: OTHER_PAYEE })];
    const plan = planned(custody, payouts, { coins: [{ units: 90_000_000n, index: 4 }] });
    const entries = (heads: readonly Digest[], of = next) => {
      const named = heads.map((head) => ({ signer: SIGNER.name, epoch: 1, head }));
      const { receipt } = signed(ask(custody, [plan], { body: { heads: named } }), of);
      return receipt.body.journal.map(({ entry }) => entry.number);
    };
    expect(entries([])).toEqual([0, 1, 2]);
    expect(entries([state.journal.head])).toEqual([2]);
    expect(entries([next.journal.head])).toEqual([]);
  });
});

describe("law 2: what is reviewed is what is signed", () => {
  test("a review signs once", () => {
    const state = stateFor(custody);
    const approved = reviewed(goodRequest(custody), state);
    confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
    expect(codeOf(() => signConfirmed(approved, openKeys(), state))).toBe("none");
    expect(codeOf(() => signConfirmed(approved, openKeys(), state))).toBe("G12_NOT_REVIEWED");
  });

  test("a copy of a review signs nothing", () => {
    const state = stateFor(custody);
    const approved = reviewed(goodRequest(custody), state);
    confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
    expect(codeOf(() => signConfirmed({ ...approved }, openKeys(), state))).toBe("G12_NOT_REVIEWED");
  });

  test("an unconfirmed review signs nothing, and is gone", () => {
    const state = stateFor(custody);
    const approved = reviewed(goodRequest(custody), state);
    expect(codeOf(() => signConfirmed(approved, openKeys(), state))).toBe("G12_NOT_CONFIRMED");
    expect(codeOf(() => signConfirmed(approved, openKeys(), state))).toBe("G12_NOT_REVIEWED");
  });

  test("B18: bytes that change between review and signature sign nothing, the cancel rung's neither", () => {
    const { review } = reviewed(goodRequest(custody), stateFor(custody));
    const attempt = () => ({ tx: { script: Uint8Array.of(1, 2, 3) }, transaction: review.digest });
    const change = (
      write: (rung: ReturnType<typeof attempt>, cancel: ReturnType<typeof attempt>) => void,
    ) => {
      const [rung, cancel] = [attempt(), attempt()];
      const plans = [{ rungs: [rung], cancel }] as never;
      const audit = { epoch: 1, size: 0, root: review.digest };
      const at = "2026-11-22T09:00:00Z" as never;
      const approved = register(review, { plans, at, officer: OLGA.key, head: undefined, audit });
      markConfirmed(approved);
      write(rung, cancel);
      return codeOf(() => takeConfirmed(approved));
    };
    expect(change(() => {})).toBe("none");
    expect(change(({ tx }) => tx.script.fill(9, 1, 2))).toBe("G12_BYTES_CHANGED");
    expect(change((_, { tx }) => tx.script.fill(9, 1, 2))).toBe("G12_BYTES_CHANGED");
  });
});
