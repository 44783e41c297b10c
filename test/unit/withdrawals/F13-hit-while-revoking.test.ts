/** F13, F25: what is being revoked, or has lapsed, is frozen by a hit as well; law 3 gives nothing back while it stands. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { availableAccount, frozenAccount, heldAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { blockWithdrawal, unblockWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { stand } from "../../../src/withdrawals/stand.ts";
import { stepPlan } from "../../../src/withdrawals/step.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, receive, step } from "../../attack/online.ts";
import { stateFor, viewOf } from "../../factory/custody.ts";
import { approval, BTC, signedDocument } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";

const UNITS = 25_000_000n;
const CODE = "sanctions-hit" as Name;

/** A payment that is exported, perhaps signed, and then refused: REVOKING. */
function revoking({ signs }: { readonly signs: boolean }) {
  const desk = makeDesk();
  const { id, intent } = ask(desk, "k", UNITS);
  const say = (decision: "approve" | "reject", who = ANNA) =>
    decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));
  say("approve");
  const { plan, document } = build(desk);
  const { request } = exported(desk, plan.id);
  if (signs) receive(desk, signed(request, stateFor(desk.custody)).receipt);
  say("reject", BEN);
  const policy = desk.custody.policy;
  const row = () => step(desk, (tx) => PORTS.getWithdrawal(tx, id));
  const transactions = attemptsOf(desk.store, plan.id).map(({ txid }) => txid);
  return {
    desk,
    plan: plan.id,
    row,
    block: () =>
      step(desk, (tx) =>
        blockWithdrawal(PORTS, tx, row(), { code: CODE, warrant: fixtureDigest("warrant") }),
      ),
    unblock: () =>
      step(desk, (tx) =>
        unblockWithdrawal(PORTS, tx, row(), { code: "cleared" as Name, policy: policy.body }),
      ),
    close: () => {
      const conflictKeys = signs ? document.body.conflictKeys : [];
      const people = { row: "small", operators: [OSCAR.person] };
      const attempts = signs
        ? [{ plan: document.digest, generation: 1, conflictKeys, transactions, ...people }]
        : [];
      return step(desk, (tx) => importVoid(PORTS, tx, voided(desk, intent, attempts as never), { policy }));
    },
    bury: () =>
      step(desk, (tx) => {
        const planned = PORTS.getPlan(tx, plan.id);
        const reading = { codec: () => bitcoinCodec, view: () => viewOf(desk.custody) };
        const decoded = attemptsAsBuilt(PORTS, tx, planned, reading);
        const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
        const block = { hash: fixtureDigest("block"), height: 200 };
        const spent = { conflictKey, spentBy: fixtureDigest("somebody else's"), block };
        const dead = signedDocument(
          draftDead(attemptsBuilt(planned, decoded), spent, policy),
          [ANNA, BEN],
          at("09:18:00"),
        );
        return importDead(PORTS, tx, dead, { policy, decode: () => decoded });
      }),
    balances: () =>
      [availableAccount, heldAccount, frozenAccount].map((account) =>
        balanceOf(desk.store, account(CUSTOMER), BTC),
      ),
  };
}

const REST = 100_000_000n - UNITS;

describe("a hit while it is REVOKING", () => {
  test("freezes it: a void that closes its family releases nothing, until it is unblocked", () => {
    const { desk, row, block, unblock, close, balances } = revoking({ signs: false });
    expect(row().state).toBe("REVOKING");
    expect(block()).toMatchObject({ state: "BLOCKED", code: CODE });
    expect(balances()).toEqual([REST, 0n, UNITS]);
    close();
    expect(row().state).toBe("BLOCKED");
    expect(unblock()).toMatchObject({ state: "REJECTED", warrant: undefined });
    expect(balances()).toEqual([100_000_000n, 0n, 0n]);
    verifyLedger(desk.store);
  });

  test("twin: unblocked before its family is closed it is REVOKING again; with no hit the void releases it", () => {
    const { row, block, unblock, close } = revoking({ signs: false });
    block();
    expect(unblock()).toMatchObject({ state: "REVOKING", code: undefined });
    close();
    expect(row().state).toBe("REJECTED");
  });

  test("law 3: what won the race is paid all the same, and the books say so", () => {
    const { desk, plan, row, block } = revoking({ signs: true });
    block();
    const { policy } = desk.custody;
    const [attempt] = attemptsOf(desk.store, plan);
    const included = { policy: policy.body, block: { hash: fixtureDigest("b"), height: 9 } };
    step(desk, (tx) => followAttempt(PORTS, tx, attempt?.id as never, "included", included));
    expect(row().state).toBe("CONFIRMING");
    step(desk, (tx) => followAttempt(PORTS, tx, attempt?.id as never, "final", included));
    expect(row().state).toBe("COMPLETED");
    verifyLedger(desk.store);
  });
});

describe("a plan that is dead already, for what it spends can never be", () => {
  test("law 3: what is REVOKING waits for people's proof, and is released when that comes", () => {
    const { desk, plan, row, close, bury, balances } = revoking({ signs: true });
    step(desk, (tx) => {
      stepPlan(PORTS, tx, PORTS.getPlan(tx, plan), { type: "proven dead" });
      stand(PORTS, tx, PORTS.getWithdrawal(tx, row().id), "what it spends can never exist");
    });
    close();
    expect(row().state).toBe("REVOKING");
    expect(bury().withdrawals).toMatchObject([{ state: "REJECTED" }]);
    expect(balances()).toEqual([100_000_000n, 0n, 0n]);
    verifyLedger(desk.store);
  });
});
