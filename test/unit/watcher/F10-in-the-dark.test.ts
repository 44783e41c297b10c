/** F10: an earlier generation that nobody can look at may have settled after all: the later one is not sent beside it. */
import { expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { clearRetry, saveRetry } from "../../../src/store/dead-letters.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { watcherOf, writtenChain } from "../../factory/chain.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, row, signedDocument } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";

const BLOCK = { hash: fixtureDigest("block"), height: 200 };
const CHANGES = { blocks: 0, sinceSeconds: 0, included: new Set<string>(), pending: new Set<string>() };

function approve(desk: Desk, intent: IntentDocument, when: string): void {
  for (const who of [ANNA, BEN])
    decide(desk, approval(intent, [who], { custody: desk.custody.id }, at(when)), at(when));
}

/** A payment whose first plan its cancel rung has ended, as people have signed; the second is signed and not sent. */
function signedTwice() {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const { id, intent } = ask(desk, "k", 25_000_000n);
  approve(desk, intent, "09:05:00");
  const { plan } = build(desk);
  const written = signed(exported(desk, plan.id).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  const { policy, wallet } = desk.custody;
  const cancel = attemptsOf(desk.store, plan.id).find(({ kind }) => kind === "cancel");
  for (const event of ["included", "final"] as const) {
    const about = { policy: policy.body, block: event === "final" ? undefined : BLOCK };
    step(desk, (tx) => followAttempt(PORTS, tx, cancel?.id as never, event, about));
  }
  step(desk, (tx) => {
    const dead = PORTS.getPlan(tx, plan.id);
    const view = {
      wallet,
      network: "regtest" as const,
      highestIndex: 1,
      own: policy.body.wallets,
      tokens: [],
    };
    const decode = () => attemptsAsBuilt(PORTS, tx, dead, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decode().rungs[0]?.conflictKeys[0] ?? "";
    const spent = { conflictKey, spentBy: cancel?.txid as Digest, block: BLOCK };
    const vouched = signedDocument(
      draftDead(attemptsBuilt(dead, decode()), spent, policy),
      [ANNA, BEN],
      at("09:18:00"),
    );
    return importDead(PORTS, tx, vouched, { policy, decode });
  });
  const about = { policy, now: at("09:20:00") };
  const next = step(desk, (tx) =>
    supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { ...about, operation: tx.operation }),
  );
  approve(desk, next.intent, "09:21:00");
  const second = build(desk, { coins: [{ units: 70_000_000n, index: 1 }], now: at("09:22:00") }).plan;
  const { request } = exported(desk, second.id, { now: at("09:23:00") });
  receive(desk, signed(request, after(stateFor(desk.custody), written)).receipt);
  return { desk, first: plan.id };
}

/** Passes of a watcher that has failed to look at an attempt of the first plan, or has not. */
function passes() {
  const { desk, first } = signedTwice();
  const chain = writtenChain();
  const [rung] = attemptsOf(desk.store, first);
  const subject = { entity: "attempt", id: rung?.id ?? "", step: "follow" };
  const failed = { failures: 1, code: "X", firstFailed: at("09:30:00"), nextTry: at("23:00:00") };
  const pass = async (now: Instant, dark: boolean) => {
    step(desk, (tx) => (dark ? saveRetry(tx, subject, failed) : clearRetry(tx, subject)));
    const { world, events } = watcherOf(desk, chain.node, now);
    const cursor = { height: 0, hash: "", atSeconds: 0, fullAtSeconds: 0 };
    await broadcastAll({ ...world, changes: { ...CHANGES, all: true, cursor } });
    return events.map(({ event, reason }) => [event, reason] as const);
  };
  return { pass, sent: chain.sent, first };
}

test("it is not sent for the first time, and is once that one was looked at", async () => {
  const { pass, sent, first } = passes();
  const why = expect.stringMatching(new RegExp(`^plan ${first}, .* could not be looked at`)) as string;
  expect(await pass(at("10:00:00"), true)).toContainEqual(["not sent", why]);
  expect(sent).toHaveLength(0);
  expect(await pass(at("10:01:00"), false)).toContainEqual(["broadcast", undefined]);
  expect(sent).toHaveLength(1);
});

test("nor is it sent again meanwhile, and is once that one was looked at", async () => {
  const { pass, sent } = passes();
  await pass(at("10:00:00"), false);
  expect(sent).toHaveLength(1);
  expect(await pass(at("14:00:00"), true)).toContainEqual(["not sent", expect.any(String)]);
  expect(sent).toHaveLength(1);
  expect(await pass(at("14:01:00"), false)).toContainEqual(["sent again", undefined]);
  expect(sent).toHaveLength(2);
});
