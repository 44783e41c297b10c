/** F27, I10: a no that could change nothing when it came is heard when it can; nobody has to say it twice. */
import { describe, expect, test } from "vitest";
import type { Document, DocumentHeader } from "../../../src/core/document.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import type { AttemptEvent } from "../../../src/core/states/attempt.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { cancelWithdrawal, importClearance } from "../../../src/withdrawals/deciding/decide.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { blockWithdrawal, holdWithdrawal, unholdWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { stepWithdrawal } from "../../../src/withdrawals/step.ts";
import { SUPERSEDE_REFUSED, supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest } from "../../factory/identities.ts";
import { clearance, strict } from "../../factory/online-words.ts";

const UNITS = 20_000_000n;
const BLOCK = { hash: "b".repeat(64), height: 200 };
type Asked = ReturnType<typeof ask>;

const say = (desk: Desk, { intent }: Asked, decision: "approve" | "reject", who = ANNA) =>
  decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));
const rowOf = (desk: Desk, { id }: Asked) => step(desk, (tx) => PORTS.getWithdrawal(tx, id));
const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);

/** One signed payment, and how its attempt is followed. */
function sent() {
  const desk = makeDesk(strict({}));
  const one = ask(desk, "k", UNITS);
  say(desk, one, "approve");
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  const [rung] = step(desk, (tx) => PORTS.attemptsOf(tx, plan.id));
  const follow = (event: AttemptEvent, block: typeof BLOCK | null | undefined) =>
    step(desk, (tx) =>
      followAttempt(PORTS, tx, rung?.id as Id, event, { policy: desk.custody.policy.body, block }),
    );
  return { desk, one, follow };
}

describe("a no to what a block holds", () => {
  test("is noted, and heard when the block leaves the best chain: it is not asked for again", () => {
    const { desk, one, follow } = sent();
    follow("included", BLOCK);
    expect(say(desk, one, "reject", BEN)).toMatchObject({
      effect: "noted",
      withdrawal: { state: "CONFIRMING" },
    });
    follow("reorganised away", null);
    expect(rowOf(desk, one)).toMatchObject({ state: "REVOKING", reason: "rejected" });
    expect(held(desk)).toBe(UNITS);
    verifyLedger(desk.store);
  });

  test("so is compliance's, after it was settled", () => {
    const { desk, one, follow } = sent();
    follow("included", BLOCK);
    follow("final", undefined);
    const refused = clearance(desk, [one.intent], { decision: "refuse", code: "late-hit" as Name });
    step(desk, (tx) =>
      importClearance(PORTS, tx, refused, { policy: desk.custody.policy, now: at("09:30:00") }, (work) =>
        work(),
      ),
    );
    expect(rowOf(desk, one).state).toBe("COMPLETED");
    follow("settlement reorganised away", null);
    expect(rowOf(desk, one)).toMatchObject({ state: "REVOKING", reason: "compliance: late-hit" });
    verifyLedger(desk.store);
  });

  test("twin: without one it waits for its next block", () => {
    const { desk, one, follow } = sent();
    follow("included", BLOCK);
    follow("reorganised away", null);
    expect(rowOf(desk, one)).toMatchObject({ state: "BROADCAST", reason: undefined });
  });

  test("what wins the race after all is paid, and the books say so", () => {
    const { desk, one, follow } = sent();
    follow("included", BLOCK);
    say(desk, one, "reject", BEN);
    follow("reorganised away", null);
    follow("included", { ...BLOCK, hash: "c".repeat(64) });
    follow("final", undefined);
    expect(rowOf(desk, one).state).toBe("COMPLETED");
    verifyLedger(desk.store);
  });
});

/** An expired withdrawal that nobody has approved, with a no that it stood beside. */
function expiredWith(no: boolean) {
  const desk = makeDesk(strict({}));
  const one = ask(desk, "k", UNITS);
  const due = addSeconds(at("08:50:00"), 9 * 86_400);
  step(desk, (tx) => stepWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), { type: "intent expired" }));
  expect(rowOf(desk, one).state).toBe("EXPIRED");
  if (no) keep(desk, one, approval(one.intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
  return { desk, one, due };
}

// As it was left by what had no ear for it: stored, and nothing moved.
function keep(desk: Desk, { id }: Asked, document: Document<DocumentHeader>): void {
  step(desk, (tx) => {
    const content = PORTS.saveDocument(tx, document);
    PORTS.insertDecision(tx, id, { kind: document.body.kind, digest: document.digest, content });
  });
}

describe("a no is to the promise, in every generation", () => {
  const supersede = ({ desk, one, due }: ReturnType<typeof expiredWith>) =>
    step(
      desk,
      (tx) =>
        supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), {
          policy: desk.custody.policy,
          now: at("10:00:00"),
          operation: tx.operation,
        }),
      due,
    );

  test("no new one leaves it behind; what is left is to end it", () => {
    const story = expiredWith(true);
    const { desk, one } = story;
    const refusal = expectRefusal(() => supersede(story), SUPERSEDE_REFUSED);
    expect(refusal.hint).toContain(`custody withdraw cancel ${one.id}`);
    const ended = step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), { policy: desk.custody.policy }),
    );
    expect(ended.state).toBe("CANCELLED");
    expect(supersede(expiredWith(false)).withdrawal.state).toBe("PENDING_APPROVAL");
  });

  test("what is on hold ends when it is screened, though the no was about an earlier intent", () => {
    const { desk, one } = expiredWith(false);
    const rejected = approval(one.intent, [BEN], { custody: desk.custody.id, decision: "reject" });
    supersede({ desk, one, due: at("09:30:00") });
    step(desk, (tx) => holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), "odd" as Name));
    const about = { policy: desk.custody.policy, now: at("10:00:00") };
    const unhold = () =>
      step(desk, (tx) => unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), about));
    expect(unhold().withdrawal.state).toBe("PENDING_APPROVAL");
    step(desk, (tx) => holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), "odd" as Name));
    keep(desk, one, rejected);
    expect(unhold()).toMatchObject({ withdrawal: { state: "REJECTED" }, verdict: { rule: "REJECTED" } });
  });

  test("what is frozen keeps it: said while BLOCKED, heard when it is screened", () => {
    const desk = makeDesk(strict({}));
    const one = ask(desk, "k", UNITS);
    say(desk, one, "approve");
    const by = { code: "hit" as Name, warrant: fixtureDigest("warrant") };
    step(desk, (tx) => blockWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), by));
    expect(say(desk, one, "reject", BEN).effect).toBe("noted");
    expect(rowOf(desk, one).state).toBe("BLOCKED");
  });
});
