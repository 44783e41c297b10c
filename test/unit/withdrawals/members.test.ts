/** Which withdrawals a plan may pay, and whether it is due: decided over ports, whoever asks. */
import { expect, test } from "vitest";
import { bitcoinBuilder, bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { MEMBER_PORTS, PORTS } from "../../../src/home/ports.ts";
import { buildWhenDue } from "../../../src/withdrawals/planning/build-due.ts";
import { judgeWaiting, readyMembers, stillWanted } from "../../../src/withdrawals/planning/members.ts";
import { ask, build, decide, exported, makeDesk, step, type Desk } from "../../attack/online.ts";
import { COINS, vaultSnapshot } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, at, BEN, fixtureId } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const now = at("09:10:00");

function approved(desk: Desk, key: string): Id {
  const { id, intent } = ask(desk, key, 2_000_000n);
  decide(desk, approval(intent, [ANNA, BEN], { custody: desk.custody.id }));
  return id;
}

const ready = (desk: Desk, only: readonly Id[] = []) =>
  step(desk, (tx) => readyMembers(MEMBER_PORTS, tx, only).map(({ id }) => id));

test("what is ready is planned, the oldest first; what is named alone, and not what still waits", () => {
  const desk = makeDesk();
  const [first, second] = [approved(desk, "one"), approved(desk, "two")];
  const waiting = ask(desk, "three", 1_000_000n).id;
  expect(ready(desk)).toEqual([first, second]);
  expect(ready(desk, [second])).toEqual([second]);
  expect(codeOf(() => ready(desk, [waiting]))).toBe("STATE_CONFLICT");
});

test("F25: what waits is judged again first, and what has lapsed is not planned", () => {
  const desk = makeDesk();
  const id = approved(desk, "one");
  const judge = (time: typeof now) => {
    step(desk, (tx) => judgeWaiting(MEMBER_PORTS, tx, { policy: desk.custody.policy, now: time }), time);
    return ready(desk);
  };
  expect(judge(now)).toEqual([id]);
  expect(judge("2030-01-01T00:00:00Z" as typeof now)).toEqual([]);
});

test("who is left of a plan that has left the machine shall still be paid, and nobody of one that has not", () => {
  const desk = makeDesk();
  const id = approved(desk, "one");
  const plan = build(desk).plan.id;
  const left = () => step(desk, (tx) => stillWanted(MEMBER_PORTS, tx, plan).map((member) => member.id));
  expect(left()).toEqual([]);
  exported(desk, plan);
  expect(left()).toEqual([id]);
});

test("a batch is due by what it can pay; one that is not takes nothing", () => {
  const desk = makeDesk();
  const attempt = (count: number) =>
    step(desk, (tx) => {
      const { policy, wallet } = desk.custody;
      const snapshot = vaultSnapshot(desk.custody, COINS, { changeIndex: 0 });
      const view = {
        wallet,
        network: "regtest",
        highestIndex: 1,
        own: policy.body.wallets,
        tokens: [],
      } as const;
      const members = readyMembers(MEMBER_PORTS, tx, []);
      const rate = BigInt(snapshot.feeRateMilli);
      const input = { ready: members, max: 10, view, snapshot, feeRatesMilli: [rate, 2n * rate] };
      const rule = { count, ageMinutes: 1000, rateMilli: 0n };
      const about = { policy, now, operation: tx.operation, id: fixtureId(`plan ${tx.operation}`), rule };
      return buildWhenDue(PORTS, tx, { builder: bitcoinBuilder, codec: bitcoinCodec }, input, about).due;
    });
  expect(codeOf(() => attempt(1))).toBe("BATCH_NOT_DUE");
  const id = approved(desk, "one");
  expect(codeOf(() => attempt(2))).toBe("BATCH_NOT_DUE");
  expect(ready(desk)).toEqual([id]);
  expect(attempt(1)).toContain("1 payments wait");
  expect(ready(desk)).toEqual([]);
});
