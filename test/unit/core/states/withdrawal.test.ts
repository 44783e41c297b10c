/** F12, F13: whatever happens to a withdrawal, in whatever order, its books balance and its hold is used up once. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Name } from "../../../../src/core/identifier.ts";
import {
  availableAccount,
  balanceChanges,
  frozenAccount,
  heldAccount,
  networkFeeAccount,
  postDeposit,
  postHold,
  transitAccount,
  walletAccount,
  type LedgerAccount,
  type Posting,
} from "../../../../src/core/ledger.ts";
import { EDGES } from "../../../../src/core/states/edges.ts";
import { HOLD_EDGES, HOLD_MOVES, HOLD_OF, type HoldState } from "../../../../src/core/states/holds.ts";
import type { WithdrawalEvent, WithdrawalStanding } from "../../../../src/core/states/withdrawal-events.ts";
import {
  ENDED,
  standingPlace,
  WITHDRAWAL_MOVES,
  withdrawalTransition,
  type WithdrawalFacts,
} from "../../../../src/core/states/withdrawal.ts";
import { WITHDRAWAL_STATES, type WithdrawalState } from "../../../../src/core/states/withdrawal-states.ts";
import { BTC } from "../../../factory/documents.ts";
import { fixtureDigest, fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const [ID, CUSTOMER, VAULT] = [fixtureId("withdrawal"), fixtureId("customer"), "vault" as Name];
const PAYMENT = { withdrawal: ID, customer: CUSTOMER, asset: BTC, units: 700n };
const SETTLED = { wallet: VAULT, feeUnits: 11n };

const STANDINGS: readonly WithdrawalStanding[] = [
  "EXPORTED",
  "SIGNED",
  "BROADCASTING",
  "UNCERTAIN",
  "BROADCAST",
  "CONFIRMING",
  "COMPLETED",
  "FAILED_ONCHAIN",
  "EXPIRED",
];

const code = "kyc-expired" as Name;
const reason = "somebody said no";
const PLAIN = [
  "screening",
  "admitted",
  "approved, waits",
  "approved",
  "released",
  "approvals lapsed",
  "release lapsed",
  "intent expired",
  "plan dropped",
  "exported",
  "closed, rejected",
  "closed, cancelled",
  "unblocked, not wanted",
  "unblocked, expired",
] as const;
const ENDING = [
  "rejected",
  "cancelled",
  "invalid",
  "rejected, live",
  "cancelled, live",
  "invalid, live",
  "paid by an earlier generation",
] as const;
const EVENTS: readonly Exclude<WithdrawalEvent, { readonly type: "payment left the chain" }>[] = [
  ...PLAIN.map((type) => ({ type })),
  ...ENDING.map((type) => ({ type, reason })),
  { type: "held", code },
  { type: "blocked", code, warrant: fixtureDigest("warrant") },
  { type: "unblocked", code },
  { type: "paid by another transaction", transaction: "f".repeat(64) },
  { type: "planned", plan: fixtureId("plan") },
  {
    type: "superseded",
    generation: 2,
    intent: fixtureDigest("second intent"),
    expires: "2026-12-01T00:00:00Z" as never,
  },
  ...STANDINGS.map((at) => ({ type: "stands", at, why: "test" }) as const),
];

function row(state: WithdrawalState, changes: Partial<WithdrawalFacts> = {}): WithdrawalFacts {
  return { id: ID, state, reason: undefined, code: undefined, warrant: undefined, ...changes };
}

const happens = (facts: WithdrawalFacts, event: WithdrawalEvent) =>
  withdrawalTransition(facts, event, PAYMENT, SETTLED);

describe("F10: what people had said was paid is not, for its transaction has left the chain", () => {
  const gone = (planned: boolean) => ({ type: "payment left the chain", code, planned }) as const;
  test.each([
    ["waits for people again", {}, false, "ON_HOLD", { code }],
    ["needs a new generation, where its plans were over", {}, true, "EXPIRED", {}],
    ["is not wanted still", { reason }, true, "REVOKING", {}],
    ["is frozen still", { reason, warrant: fixtureDigest("warrant") }, true, "BLOCKED", {}],
  ] as const)("%s", (_, facts, planned, to, changes) => {
    const moved = happens(row("COMPLETED", facts), gone(planned));
    expect(moved).toMatchObject({ to, changes });
    expect(moved.postings.map(({ reason: why }) => why).slice(0, 2)).toEqual(["unsettle", "unsend"]);
    expect(codeOf(() => happens(row("READY", facts), gone(planned)))).toBe("STATE_CONFLICT");
  });
});

describe("the events", () => {
  test("every event of the table is tried here, in every state", () => {
    const tried = EVENTS.map((event) => (event.type === "stands" ? `at ${event.at}` : event.type));
    const back = ["unpaid, not wanted", "unpaid, held", "unpaid, blocked", "unpaid, expired"];
    expect([...tried, ...back].sort()).toEqual(Object.keys(WITHDRAWAL_MOVES).sort());
  });

  test("each leads along an edge where it may happen, and is a conflict everywhere else", () => {
    let [moved, refused] = [0, 0];
    for (const state of WITHDRAWAL_STATES) {
      for (const event of EVENTS) {
        const name = event.type === "stands" ? (`at ${event.at}` as const) : event.type;
        const to = WITHDRAWAL_MOVES[name][state];
        if (to === undefined) {
          expect(
            codeOf(() => happens(row(state), event)),
            `${state}: ${name}`,
          ).toBe("STATE_CONFLICT");
          refused += 1;
        } else {
          expect(happens(row(state), event).to).toBe(to);
          expect(EDGES.withdrawal[state]).toContain(to);
          moved += 1;
        }
      }
    }
    expect(moved).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(moved);
  });

  test("what is stopped follows its attempts into a block, and comes out of it stopped", () => {
    const warrant = fixtureDigest("warrant");
    const stopped = [
      [{ reason }, "REVOKING"],
      [{ code }, "ON_HOLD"],
      [{ code, warrant }, "BLOCKED"],
      [{ code, warrant, reason }, "BLOCKED"],
      [{}, "BROADCAST"],
    ] as const;
    for (const [facts, back] of stopped) {
      expect(standingPlace(row("CONFIRMING", facts), "CONFIRMING")).toBe("CONFIRMING");
      const out = happens(row("COMPLETED", facts), { type: "stands", at: "BROADCAST", why: "reorganised" });
      expect(out.to).toBe(back);
    }
  });

  test.each(["ON_HOLD", "BLOCKED"] as const)("a block that pays %s settles it in the books", (state) => {
    const { to, postings } = happens(row(state, { code }), {
      type: "stands",
      at: "CONFIRMING",
      why: "included",
    });
    expect(to).toBe("CONFIRMING");
    expect(postings.map((posting) => posting.reason)).toEqual(
      state === "BLOCKED" ? ["unfreeze", "send"] : ["send"],
    );
  });
});

describe("FAILED_ONCHAIN: in a block, without its effect", () => {
  const failed = happens(row("CONFIRMING"), { type: "stands", at: "FAILED_ONCHAIN", why: "status 0" });

  test("the fee is gone, the amount is held again", () => {
    expect(failed.postings.map((posting) => posting.reason)).toEqual(["unsend", "fail"]);
    const changes = balanceChanges(failed.postings[1] as Posting);
    expect(changes.get(networkFeeAccount)).toBe(11n);
    expect(changes.get(walletAccount(VAULT))).toBe(-11n);
  });

  test("a reorganisation takes exactly that back", () => {
    const back = happens(row("FAILED_ONCHAIN"), { type: "stands", at: "CONFIRMING", why: "reorganised" });
    expect(back.postings.map((posting) => posting.reason)).toEqual(["unfail", "send"]);
    const sums = new Map<LedgerAccount, bigint>();
    for (const posting of [...failed.postings, ...back.postings])
      for (const [account, change] of balanceChanges(posting))
        sums.set(account, (sums.get(account) ?? 0n) + change);
    expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
  });

  test("who asks anew or gives up does not get the fee back", () => {
    for (const event of EVENTS.filter(({ type }) => type === "superseded" || type === "cancelled, live"))
      expect(happens(row("FAILED_ONCHAIN"), event).postings).toEqual([]);
  });
});

test("F12, F13: in any order of events the books balance, and a hold is released or settled once", () => {
  const seen = new Set<WithdrawalState>();
  // Most draws are among what may happen and ends nothing, so that walks get far.
  const draw = fc.record({ likely: fc.integer({ min: 0, max: 9 }), pick: fc.nat() });
  fc.assert(
    fc.property(fc.array(draw, { minLength: 1, maxLength: 80 }), (draws) => {
      const books = new Map<LedgerAccount, bigint>();
      const book = (posting: Posting) => {
        for (const [account, change] of balanceChanges(posting))
          books.set(account, (books.get(account) ?? 0n) + change);
      };
      book(postDeposit({ coin: "coin", wallet: VAULT, customer: CUSTOMER, asset: BTC, units: 1000n }));
      book(postHold(PAYMENT));
      let facts = row("REQUESTED");
      let hold: HoldState = "PLACED";
      let [released, settled] = [0, 0];
      for (const { likely, pick } of draws) {
        const before = facts;
        seen.add(before.state);
        const legal = EVENTS.filter((event) => tried(before, event) !== undefined);
        const onwards = legal.filter((event) => !("reason" in event));
        const among =
          [EVENTS, legal, onwards].find((some, rank) => likely <= rank && some.length > 0) ?? onwards;
        if (among.length === 0) break;
        const step = tried(facts, among[pick % among.length] as WithdrawalEvent);
        if (step === undefined) continue;
        expect(EDGES.withdrawal[before.state]).toContain(step.to);
        expect(ENDED.has(before.state)).toBe(false);
        for (const posting of step.postings) {
          book(posting);
          if (!Object.hasOwn(HOLD_MOVES, posting.reason)) continue;
          const next: HoldState | undefined = HOLD_MOVES[posting.reason as keyof typeof HOLD_MOVES][hold];
          expect(next, `${posting.reason} of a hold that is ${hold}`).toBeDefined();
          expect(HOLD_EDGES[hold]).toContain(next);
          hold = next as HoldState;
          if (posting.reason === "release") released += 1;
          if (posting.reason === "settle") settled += 1;
          if (posting.reason === "unsettle") settled -= 1;
        }
        facts = changed(facts, step);
        expect(hold).toBe(HOLD_OF[facts.state]);
        expect(released + settled).toBeLessThanOrEqual(1);
      }
      assertBooks(books, hold);
    }),
    { numRuns: 150 },
  );
  // The walks get about, whatever the seed.
  expect(seen.size).toBeGreaterThan(12);
  expect([...seen]).toContain("COMPLETED");
});

type Step = ReturnType<typeof happens>;

function tried(facts: WithdrawalFacts, event: WithdrawalEvent): Step | undefined {
  // A use case asks this first: what stands where its attempts are does not move.
  if (event.type === "stands" && standingPlace(facts, event.at) === facts.state) return undefined;
  return codeOf(() => happens(facts, event)) === "none" ? happens(facts, event) : undefined;
}

function changed(facts: WithdrawalFacts, { to, changes }: Step): WithdrawalFacts {
  const { reason = facts.reason, code = facts.code, warrant = facts.warrant } = changes;
  return { ...facts, state: to, reason, code: code ?? undefined, warrant: warrant ?? undefined };
}

function assertBooks(books: ReadonlyMap<LedgerAccount, bigint>, hold: HoldState): void {
  const of = (account: LedgerAccount) => books.get(account) ?? 0n;
  const units = (state: HoldState) => (hold === state ? PAYMENT.units : 0n);
  expect(of(heldAccount(CUSTOMER))).toBe(units("PLACED"));
  expect(of(frozenAccount(CUSTOMER))).toBe(units("FROZEN"));
  expect(of(transitAccount(ID))).toBe(units("SENT"));
  expect(of(availableAccount(CUSTOMER))).toBe(hold === "RELEASED" ? 1000n : 300n);
  // What was paid, and every fee, has left the wallet.
  expect(of(walletAccount(VAULT)) + of(networkFeeAccount)).toBe(1000n - units("SETTLED"));
}
