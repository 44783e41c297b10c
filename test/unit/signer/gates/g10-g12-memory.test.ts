import { describe, expect, test } from "vitest";
import type { TestCoin } from "../../../bitcoin/regtest-wallet.ts";
import {
  makeCustody,
  openKeys,
  OTHER_PAYEE,
  payout,
  stateFor,
  goodRequest,
} from "../../../factory/custody.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { ALICE, ANNA, fixtureDigest, MALLORY, OLGA } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { refuse, signConfirmed } from "../../../../signer/gates/g12-sign.ts";
import { confirm } from "../../../../signer/gates/g11-confirm.ts";
import { openKeyRing } from "../../../../signer/keystore/key-ring.ts";
import { Refusal } from "../../../../src/core/gate.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import { headOf } from "../../../../src/core/journal-entry.ts";

const custody = makeCustody();
const start = stateFor(custody);
const X: TestCoin = { units: 30_000_000n, index: 1 };
/** Of the fixtures' payment. */
const CLIENT_KEY = fixtureDigest("client key order 77");
const Y: TestCoin = { units: 31_000_000n, index: 2 };

// The salt of a coin's parent is its place in the list, so the same coin must keep its place.
function attempt(coins: readonly TestCoin[], label = "attempt", one = payout(custody)) {
  return ask(custody, [planned(custody, [one], { coins })], { label });
}

describe("G10: a family is paid at most once (failures F3, F5)", () => {
  const first = after(start, signed(attempt([X]), start));

  test("the same coins again, dearer, pass", () => {
    const one = payout(custody);
    const dearer = planned(custody, [one], { coins: [X], snapshot: { feeRateMilli: "9000" } });
    expect(codeOf(() => signed(ask(custody, [dearer], { label: "bump" }), first))).toBe("none");
  });

  test("other coins for the same intent are refused", () => {
    expect(codeOf(() => reviewed(attempt([Y], "retry"), first))).toBe("G10_NO_SHARED_COIN");
  });

  test("other coins for another intent with the same client key are refused", () => {
    const twin = payout(custody, {
      label: "twin",
      intent: { clientKey: CLIENT_KEY },
    });
    expect(codeOf(() => reviewed(attempt([Y], "twin", twin), first))).toBe("G10_NO_SHARED_COIN");
    const stranger = payout(custody, { label: "another order" });
    expect(codeOf(() => reviewed(attempt([Y], "other", stranger), first))).toBe("none");
  });

  test("every earlier attempt counts, not only the newest and not only the first", () => {
    // The payment of 0.25 needs both coins of each pair.
    const [a, b, c, d] = [1, 2, 3, 4].map((index): TestCoin => ({ units: 15_000_000n, index }));
    const pair = (first: TestCoin | undefined, second: TestCoin | undefined, label: string) =>
      attempt([first as TestCoin, second as TestCoin], label);
    const once = after(start, signed(pair(a, b, "a and b"), start));
    const twice = after(once, signed(pair(a, c, "a and c"), once));
    expect(codeOf(() => reviewed(pair(d, b, "shares b with the first alone"), twice))).toBe(
      "G10_NO_SHARED_COIN",
    );
    expect(codeOf(() => reviewed(pair(d, c, "shares c with the newest alone"), twice))).toBe(
      "G10_NO_SHARED_COIN",
    );
    expect(codeOf(() => reviewed(pair(a, d, "shares a with both"), twice))).toBe("none");
  });

  test("two intents of one family in one request are refused (failure F1)", () => {
    const one = payout(custody);
    const twin = payout(custody, {
      label: "twin",
      address: OTHER_PAYEE,
      intent: { clientKey: CLIENT_KEY },
    });
    const plan = planned(custody, [one, twin], { coins: [{ units: 90_000_000n, index: 1 }] });
    expect(codeOf(() => reviewed(ask(custody, [plan]), start))).toBe("G10_FAMILY_TWICE");
  });

  test("a refused attempt binds nothing", () => {
    const refusal = new Refusal("G9", "TEST", "refused for the test");
    const refused = after(start, refuse(attempt([X]), refusal, openKeys().signer, start));
    expect(codeOf(() => reviewed(attempt([Y], "retry"), refused))).toBe("none");
  });
});

describe("G11: the officer and the logbook", () => {
  test("the head now, or any head before, is in the journal", () => {
    for (const { entry } of custody.journal.lines) {
      expect(codeOf(() => signed(goodRequest(custody), start, { logbook: headOf(entry) }))).toBe("none");
    }
  });

  test("a head that the journal never had shows a rollback (law 7)", () => {
    expect(
      codeOf(() => signed(goodRequest(custody), start, { logbook: fixtureDigest("a later head") })),
    ).toBe("G11_LOGBOOK_HEAD_UNKNOWN");
    const later = after(start, signed(goodRequest(custody), start)).journal.head;
    expect(codeOf(() => signed(attempt([Y], "rolled back"), start, { logbook: later }))).toBe(
      "G11_LOGBOOK_HEAD_UNKNOWN",
    );
  });

  test("another digest than this review's confirms nothing", () => {
    expect(
      codeOf(() => signed(goodRequest(custody), start, { digest: fixtureDigest("another review") })),
    ).toBe("G11_DIGEST_NOT_CONFIRMED");
  });

  test("only an officer of the policy confirms", () => {
    for (const { key } of [MALLORY, ALICE, ANNA]) {
      expect(codeOf(() => signed(goodRequest(custody), stateFor(custody, { officer: key })))).toBe(
        "G11_OFFICER_UNKNOWN",
      );
    }
    expect(codeOf(() => signed(goodRequest(custody), stateFor(custody, { officer: OLGA.key })))).toBe("none");
  });
});

describe("G12: keys and refusals", () => {
  test("a signer without the wallet's seed refuses", () => {
    const approved = reviewed(goodRequest(custody), start);
    confirm(approved, { digest: approved.review.digest, logbook: start.journal.head }, start);
    const keys = { ...openKeys(), wallets: openKeyRing([], utf8("no seeds")) };
    expect(codeOf(() => signConfirmed(approved, keys, start))).toBe("G12_SEED_NOT_HERE");
  });

  test("a refusal's receipt says gate and rule, echoes nothing and leaves journal time alone", () => {
    const refusal = new Refusal("G4", "NO_ROW", "an address from the request", { hint: "a hint" });
    const { receipt, line } = refuse(goodRequest(custody), refusal, openKeys().signer, start);
    expect(receipt.body.outcome).toEqual({ type: "refused", gate: "G4", rule: "NO_ROW" });
    expect(JSON.stringify(receipt)).not.toContain("address from the request");
    expect(line.entry.at).toBe(start.journal.time);
    expect(line.entry.subject).toBe(receipt.digest);
  });
});
