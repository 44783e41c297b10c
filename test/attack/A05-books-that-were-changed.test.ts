import { beforeEach, describe, expect, test } from "vitest";
import type { Id } from "../../src/core/identifier.ts";
import { availableAccount } from "../../src/core/ledger.ts";
import { guards } from "../../src/store/guards.ts";
import { databaseProblems, LEDGER_BROKEN, verifyLedger } from "../../src/store/integrity.ts";
import { verifyAudit } from "../../src/store/audit.ts";
import { balanceOf } from "../../src/store/postings.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { trackSettled } from "../../watcher/track.ts";
import { PORTS } from "../../src/home/ports.ts";
import { followAttempt } from "../../src/withdrawals/following/follow.ts";
import type { World } from "../../watcher/world.ts";
import type { TransactionStatus } from "../../src/chains/chain-node.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { stateFor } from "../factory/custody.ts";
import { approval, BTC } from "../factory/documents.ts";
import { signed } from "../factory/gates.ts";
import { fakeIo } from "../factory/io.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, receive, step, type Desk } from "./online.ts";

const BLOCK = { hash: "b".repeat(64), height: 200 };

/** One payment of a quarter, settled in block 200. */
function settled(): { desk: Desk; attempt: Id; withdrawal: Id } {
  const desk = makeDesk();
  const { intent, id: withdrawal } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, undefined, { custody: desk.custody.id }));
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  const attempt = (attemptsOf(desk.store, plan.id)[0] as { id: Id }).id;
  const { body: policy } = desk.custody.policy;
  for (const event of ["sending", "broadcast", "included", "final"] as const) {
    const block = event === "included" ? BLOCK : undefined;
    step(desk, (tx) => followAttempt(PORTS, tx, attempt, event, { policy, block }));
  }
  return { desk, attempt, withdrawal };
}

describe("A05: a book that was changed by whoever has the file does not verify", () => {
  let desk: Desk;
  beforeEach(() => {
    ({ desk } = settled());
    expect(verifyLedger(desk.store).postings).toBe(4);
    for (const guard of guards().keys()) desk.store.database.exec(`DROP TRIGGER ${guard}`);
  });

  test("a settled payment is taken out of the book and its customer has the money again", () => {
    desk.store.database.exec(`
      DELETE FROM entry WHERE posting IN (SELECT seq FROM posting WHERE reason <> 'deposit');
      DELETE FROM posting WHERE reason <> 'deposit';
      DELETE FROM account_balance WHERE account LIKE 'transit:%' OR account LIKE '%:held' OR account LIKE 'expense:%';
      UPDATE account_balance SET units = '100000000'`);
    expect(balanceOf(desk.store, availableAccount(CUSTOMER), BTC)).toBe(100_000_000n);
    expect(verifyAudit(desk.store).heads).toBeGreaterThan(0);
    expect(expectRefusal(() => verifyLedger(desk.store), LEDGER_BROKEN).field).toBe("posting");
  });

  test.each([
    ["withdrawal", "UPDATE withdrawal SET version = version - 1"],
    ["plan", "UPDATE plan SET state = 'DRAFT'"],
    ["attempt", "UPDATE attempt SET state = 'CONFIRMING' WHERE state = 'FINAL'"],
    ["kyc", "UPDATE kyc SET state = 'SUBMITTED', tier = NULL, expires = NULL"],
  ])("a %s that was put back into an earlier state", (entity, tamper) => {
    const found = () => databaseProblems(desk.store).filter((problem) => !problem.startsWith("trigger"));
    expect(found()).toEqual([]);
    desk.store.database.exec(tamper);
    expect(found()).toEqual([expect.stringMatching(new RegExp(`^${entity} [0-9a-f]{32} is `))]);
  });
});

describe("A06: a settlement is taken back on evidence alone", () => {
  const DEPTH = 3;

  /** Looks at the settled attempt once, with a node that says this. */
  async function look(
    { desk, attempt }: ReturnType<typeof settled>,
    says: { status: TransactionStatus; best: string | undefined },
  ): Promise<string> {
    const node = {
      chain: desk.custody.wallet.chain,
      tip: async () => ({ height: 204, hash: "a".repeat(64), time: "2026-11-22T09:00:00Z" }),
      status: async () => says.status,
      blockHash: async () => says.best,
    };
    const call = { io: fakeIo({ argv: ["once"] }).io, dryRun: false };
    const online = { call, store: desk.store, network: "regtest" };
    const rules = { confirmations: DEPTH };
    const world = { online, node, rules, policy: desk.custody.policy, log: () => undefined };
    await trackSettled(world as unknown as World);
    return step(desk, (tx) => attemptsOf(tx, planOf(desk, attempt)).map(({ state }) => state)).at(
      0,
    ) as string;
  }

  const planOf = ({ store }: Desk, attempt: Id): Id =>
    store.database.prepare<[string], Id>("SELECT plan FROM attempt WHERE id = ?").pluck().get(attempt) as Id;

  test.each([
    ["a node that has not come so far", undefined],
    ["a node that still has the block, and has lost its index", BLOCK.hash],
  ])("%s takes nothing back", async (_, best) => {
    const payment = settled();
    expect(await look(payment, { status: { state: "unknown" }, best })).toBe("FINAL");
    expect(verifyLedger(payment.desk.store).postings).toBe(4);
  });

  test("another block in its place takes it back", async () => {
    const payment = settled();
    expect(await look(payment, { status: { state: "unknown" }, best: "c".repeat(64) })).toBe("UNCERTAIN");
    expect(verifyLedger(payment.desk.store).postings).toBe(5);
  });

  test("and so does the node that has it in its mempool again", async () => {
    const payment = settled();
    expect(await look(payment, { status: { state: "pending" }, best: "c".repeat(64) })).toBe("BROADCAST");
  });
});
