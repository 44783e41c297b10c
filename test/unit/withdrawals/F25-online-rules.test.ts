import { describe, expect, test } from "vitest";
import { amount } from "../../../src/core/amount.ts";
import type { AccountId } from "../../../src/core/account.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { postDeposit } from "../../../src/core/ledger.ts";
import type { OnlineLimit, OnlineRules, Scope } from "../../../src/core/policy/online/section.ts";
import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { moveKyc, openKyc } from "../../../src/store/kyc.ts";
import { verifyLimits } from "../../../src/store/limit-recount.ts";
import { post } from "../../../src/store/postings.ts";
import { insertRates } from "../../../src/store/rates.ts";
import type { Tx } from "../../../src/store/transaction.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { cancelWithdrawal } from "../../../src/withdrawals/deciding/decide.ts";
import { verdictsOn } from "../../../src/withdrawals/deciding/evidence.ts";
import { importRates } from "../../../src/withdrawals/deciding/rates.ts";
import { requestWithdrawal } from "../../../src/withdrawals/intake/request.ts";
import { CUSTOMER, makeDesk, step, type Desk } from "../../attack/online.ts";
import { beneficiary, BTC, onlineLimit, onlineRules, REGTEST } from "../../factory/documents.ts";
import { ALICE, ANNA, at, fixtureId, MALLORY, RUTH } from "../../factory/identities.ts";
import { ratesOf } from "../../factory/rates.ts";
import { codeOf } from "../../factory/thrown.ts";

const [BASIC, GOLD] = ["basic" as Name, "gold" as Name];
const OTHER = fixtureId("another customer");
const HERE = `${REGTEST}:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080` as AccountId;
const THERE = `${REGTEST}:bcrt1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qzf4jry` as AccountId;
/** Of everything else there is plenty. */
const EACH = onlineLimit("each", { tiers: [BASIC, GOLD], window: "month" });

/** A desk whose online rules are these, and a second customer, of tier gold. */
function deskWith(...limits: readonly OnlineLimit[]): Desk {
  const desk = makeDesk({ online: onlineRules({ limits: [EACH, ...limits] }) });
  step(desk, (tx) => {
    insertCustomer(tx, { id: OTHER, ref: "c-2" });
    accept(tx, OTHER, GOLD);
    const deposit = { coin: "second", wallet: desk.custody.wallet.name, customer: OTHER, asset: BTC };
    post(tx, postDeposit({ ...deposit, units: 100_000_000n }));
    for (const customer of [CUSTOMER, OTHER])
      for (const account of [HERE, THERE])
        PORTS.saveDocument(tx, beneficiary({ custody: desk.custody.id, customer, account }));
  });
  return desk;
}

function accept(tx: Tx, customer: Id, tier: Name): void {
  const { version, state } = openKyc(tx, customer);
  const submitted =
    state === "SUBMITTED"
      ? { version }
      : moveKyc(tx, customer, { version, to: "SUBMITTED", event: "submitted" });
  const changes = { tier, expires: "2027-11-22T00:00:00Z" as Instant };
  moveKyc(tx, customer, { version: submitted.version, to: "ACCEPTED", event: "accepted" }, changes);
}

type Asking = { readonly of?: "c-1" | "c-2"; readonly to?: AccountId; readonly now?: Instant };
const NOON = at("12:00:00");
let asked = 0;

function ask(desk: Desk, units: bigint, { of = "c-1", to = HERE, now = NOON }: Asking = {}): Id {
  asked += 1;
  const key = `order ${asked}`;
  const request = { customerRef: of, amount: amount(BTC, units), account: to, clientKey: key };
  const about = { policy: desk.custody.policy, requester: RUTH.name, now, id: fixtureId(key) };
  return step(
    desk,
    (tx) => requestWithdrawal(PORTS, tx, request, { ...about, operation: tx.operation }).withdrawal.id,
    now,
  );
}

const asking = (...about: Parameters<typeof ask>) => codeOf(() => ask(...about));
const DENIED = "ONLINE_RULE_DENIED";
const upTo = (units: string, changes: Partial<OnlineLimit> = {}) =>
  onlineLimit("limit", { tiers: [BASIC, GOLD], max: { asset: BTC, units }, ...changes });

/** The denials of a stored withdrawal under changed rules. */
function denials(
  desk: Desk,
  id: Id,
  changes: { online?: OnlineRules; now?: Instant } = {},
): readonly string[] {
  const { online = desk.custody.policy.body.online, now = at("12:30:00") } = changes;
  const body: Policy = { ...desk.custody.policy.body, online };
  const about = { policy: policyDocument(body), now, halts: [] };
  const verdicts = verdictsOn(PORTS, desk.store as never, getWithdrawal(desk.store, id), about);
  return [...verdicts].flatMap((verdict) => (verdict.allowed ? [] : [verdict.rule]));
}

describe("at the door", () => {
  test("a request that reaches a limit is taken, one satoshi more is refused and stores nothing", () => {
    const desk = deskWith(upTo("50000"));
    ask(desk, 30_000n);
    expect(asking(desk, 20_001n)).toBe(DENIED);
    expect(verifyLimits(desk.store)).toBe(1);
    expect(asking(desk, 20_000n)).toBe("none");
    expect(asking(desk, 1n)).toBe(DENIED);
  });

  test.each([
    ["hour", 3600],
    ["day", 86_400],
    ["week", 604_800],
  ] as const)("a %s is over exactly %i s after the request", (window, length) => {
    const desk = deskWith(upTo("50000", { window }));
    ask(desk, 50_000n);
    expect(asking(desk, 1000n, { now: addSeconds(NOON, length - 1) })).toBe(DENIED);
    expect(asking(desk, 1000n, { now: addSeconds(NOON, length) })).toBe("none");
  });

  test.each<[Scope, Asking, Asking]>([
    ["customer", { to: THERE }, { of: "c-2" }],
    ["tier", { to: THERE }, { of: "c-2" }],
    ["destination", { of: "c-2" }, { to: THERE }],
    ["network", { of: "c-2", to: THERE }, { now: addSeconds(NOON, 86_400) }],
  ])("per %s: what belongs to it counts, what does not does not", (per, inside, outside) => {
    const desk = deskWith(upTo("50000", { per }));
    ask(desk, 50_000n);
    expect(asking(desk, 1000n, inside)).toBe(DENIED);
    expect(asking(desk, 1000n, outside)).toBe("none");
  });

  test("a customer of a tier that no limit names asks in vain, and is paid once one does", () => {
    const desk = deskWith();
    expect(asking(desk, 1000n)).toBe("none");
    step(desk, (tx) => {
      moveKyc(tx, CUSTOMER, { version: 3, to: "SUBMITTED", event: "submitted" });
      accept(tx, CUSTOMER, "unheard-of" as Name);
    });
    expect(asking(desk, 1000n)).toBe(DENIED);
  });

  test("two requests, each within the limit and together above it: the second is refused", () => {
    const desk = deskWith(upTo("50000"));
    expect([asking(desk, 30_000n), asking(desk, 30_000n)]).toEqual(["none", DENIED]);
  });

  test("the same key again is no second use", () => {
    const desk = deskWith(upTo("50000"));
    ask(desk, 50_000n);
    asked -= 1;
    expect(asking(desk, 50_000n)).toBe("none");
  });

  test("what was cancelled before an approval makes room again", () => {
    const desk = deskWith(upTo("50000"));
    const id = ask(desk, 50_000n);
    expect(asking(desk, 50_000n)).toBe(DENIED);
    step(desk, (tx) => cancelWithdrawal(PORTS, tx, getWithdrawal(tx, id), { policy: desk.custody.policy }));
    expect(asking(desk, 50_000n)).toBe("none");
    expect(verifyLimits(desk.store)).toBe(1);
  });

  test("so many payments and no more", () => {
    const desk = deskWith(upTo("50000", { paymentsMax: 2 }));
    expect([1, 2, 3].map(() => asking(desk, 1000n))).toEqual(["none", "none", DENIED]);
  });
});

describe("in the reference currency", () => {
  const worth = (minorUnits: string) => upTo("1", { max: { minorUnits } });
  const take = (desk: Desk, now = at("09:00:00"), changes = {}, who = [ALICE]) =>
    step(
      desk,
      (tx) =>
        importRates({ insertRates }, tx, ratesOf({ custody: desk.custody.id, ...changes }, who), {
          policy: desk.custody.policy,
          now,
        }),
      now,
    );

  test("without rates nothing is paid; with them what they say, rounded up", () => {
    // Twenty satoshi a cent: 40,020 of them are 20.01 EUR.
    const desk = deskWith(worth("2001"));
    expect(asking(desk, 40_000n)).toBe(DENIED);
    take(desk);
    expect(asking(desk, 40_021n)).toBe(DENIED);
    expect(asking(desk, 40_020n)).toBe("none");
    expect(asking(desk, 1n)).toBe(DENIED);
  });

  test("rates that have become too old value nothing", () => {
    const desk = deskWith(worth("100000"));
    take(desk, at("09:00:00"), { expires: "2026-12-22T00:00:00Z" });
    const old = addSeconds(at("08:30:00"), 86_400);
    expect(asking(desk, 1000n, { now: old })).toBe("none");
    expect(asking(desk, 1000n, { now: addSeconds(old, 1) })).toBe(DENIED);
  });

  test("a payment keeps the value that it had when it was asked for", () => {
    const desk = deskWith(worth("2000"));
    take(desk);
    const id = ask(desk, 40_000n);
    const price = [{ asset: BTC, minorUnits: "10000000", units: "100000000" }];
    take(desk, at("12:10:00"), { issued: at("12:05:00"), rates: price });
    expect(denials(desk, id)).not.toContain("ABOVE_ONLINE_LIMIT");
    expect(asking(desk, 40_000n, { now: at("12:15:00"), of: "c-2" })).toBe(DENIED);
    expect(asking(desk, 20_000n, { now: at("12:15:00"), of: "c-2" })).toBe("none");
  });

  test.each([
    ["by nobody who may", {}, [ANNA], "RATES_UNSIGNED"],
    ["by a stranger", {}, [MALLORY], "RATES_UNSIGNED"],
    ["of a time to come", { issued: at("09:00:01") }, [ALICE], "RATES_NOT_IN_FORCE"],
    ["that are over", { expires: at("08:59:59") }, [ALICE], "RATES_NOT_IN_FORCE"],
    ["of another custody", { custody: fixtureId("x").repeat(2) }, [ALICE], "DOCUMENT_WRONG_CUSTODY"],
    ["as they should be", {}, [MALLORY, ALICE], "none"],
  ])("rates %s", (_, changes, who, code) => {
    const desk = deskWith();
    expect(codeOf(() => take(desk, at("09:00:00"), changes, who))).toBe(code);
  });
});

describe("at later steps", () => {
  test("its own amount counts once, and what was asked for later does not count against it", () => {
    const desk = deskWith(upTo("50000"));
    const first = ask(desk, 30_000n);
    const second = ask(desk, 20_000n);
    expect([first, second].map((id) => denials(desk, id))).toEqual([["QUORUM_NOT_MET"], ["QUORUM_NOT_MET"]]);
  });

  test("lowered limits are met by the earlier ones first", () => {
    const desk = deskWith(upTo("50000"));
    const [first, second] = [ask(desk, 30_000n), ask(desk, 20_000n)];
    const online = onlineRules({ limits: [EACH, upTo("40000")] });
    expect(denials(desk, first, { online })).toEqual(["QUORUM_NOT_MET"]);
    expect(denials(desk, second, { online })).toEqual(["ONLINE_LIMIT_REACHED", "QUORUM_NOT_MET"]);
    const lower = onlineRules({ limits: [EACH, upTo("25000")] });
    expect(denials(desk, first, { online: lower })).toContain("ABOVE_ONLINE_LIMIT");
    expect(denials(desk, second, { online: lower })).toContain("ONLINE_LIMIT_REACHED");
  });

  test("a tier that is not named any more denies, whatever was asked for before", () => {
    const desk = deskWith();
    const id = ask(desk, 30_000n);
    const online = onlineRules({ limits: [onlineLimit("each", { tiers: [GOLD] })] });
    expect(denials(desk, id, { online })).toContain("TIER_WITHOUT_LIMIT");
    expect(denials(desk, id)).toEqual(["QUORUM_NOT_MET"]);
  });

  test("what lies beside it in its own window counts, not what lies in the window of today", () => {
    const desk = deskWith(upTo("50000", { window: "hour" }));
    const id = ask(desk, 50_000n);
    ask(desk, 50_000n, { now: addSeconds(NOON, 3600) });
    expect(denials(desk, id, { now: addSeconds(NOON, 3700) })).toEqual(["QUORUM_NOT_MET"]);
  });
});
