/** F09: ledger, chain and attempts are compared to the unit; nothing leaves on a comparison that is none any more. */
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { assertReconciled, RECONCILE_FIRST, trusted } from "../../../src/home/trust.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { endQuarantine, openQuarantine } from "../../../src/store/quarantine.ts";
import { lastReconciliation } from "../../../src/store/reconciliations.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { compareWithChain } from "../../../watcher/reconcile.ts";
import { trackAll } from "../../../watcher/track.ts";
import { ask, build, CUSTOMER, decide, exported, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { mined, onlineOf, watcherOf } from "../../factory/chain.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { funded, WHOLE } from "../../factory/funded.ts";
import { ANNA, at, fixtureDigest, fixtureId } from "../../factory/identities.ts";

const CHAIN = BITCOIN_CHAINS.regtest;

const QUARTER = 25_000_000n;

function signedPlan(desk: Desk): { readonly plan: Id; readonly bytes: Uint8Array; readonly id: Id } {
  const { id, intent } = ask(desk, "k", QUARTER);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  return { plan: plan.id, id, bytes: attemptsOf(desk.store, plan.id)[0]?.bytes ?? new Uint8Array() };
}

const stateOf = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);

describe("ledger, chain and attempts", () => {
  test("say the same through the whole life of a payment, before the watcher follows it as well", async () => {
    const { desk, chain, compare } = await funded();
    expect(await compare()).toMatchObject({ verdict: "even", differences: [] });
    const { plan, bytes, id } = signedPlan(desk);
    expect((await compare()).verdict).toBe("even");
    chain.mine(mined(bytes));
    const underWay = await compare();
    expect(underWay).toMatchObject({ verdict: "even", differences: [] });
    const [attempt] = attemptsOf(desk.store, plan);
    expect(underWay.wallets).toMatchObject([{ underWay: QUARTER + (attempt?.feeUnits ?? 0n) }]);
    const { world } = watcherOf(desk, chain.node);
    for (const state of ["CONFIRMING", "CONFIRMING", "COMPLETED"]) {
      await trackAll(world);
      expect(stateOf(desk, id)).toBe(state);
      expect(await compare()).toMatchObject({ verdict: "even", differences: [] });
      chain.mine();
    }
    expect((await compare()).wallets).toMatchObject([{ underWay: 0n, unexplained: 0n }]);
    verifyLedger(desk.store);
  });

  test("what is in the books and on no chain is a difference; a warrant accepts this one and no other", async () => {
    const { desk, compare } = await funded();
    await compare();
    const invent = (units: bigint, coin: string) =>
      step(desk, (tx) =>
        PORTS.post(tx, {
          reason: "deposit",
          subject: coin,
          entries: [
            { account: "wallet:vault", side: "debit", asset: BTC, units },
            { account: `customer:${CUSTOMER}:available`, side: "credit", asset: BTC, units },
          ],
        }),
      );
    invent(5n, "invented");
    const { verdict, differences } = await compare();
    expect(verdict).toBe("differs");
    expect(differences).toEqual([
      "wallet vault: 0.00000005 BTC (5 sat) less on the chain than ledger and attempts explain",
    ]);
    expectRefusal(() => assertReconciled(onlineOf(desk), CHAIN), RECONCILE_FIRST);
    step(desk, (tx) => {
      const [detail = ""] = differences;
      openQuarantine(tx, { id: fixtureId("accepted"), cause: "differs", subject: detail, detail });
      endQuarantine(tx, fixtureId("accepted"), fixtureDigest("warrant"));
    });
    expect((await compare()).verdict).toBe("even");
    assertReconciled(onlineOf(desk), CHAIN);
    invent(2n, "invented too");
    expect((await compare()).verdict).toBe("differs");
  });

  test("the same difference is written down once, and its end too", async () => {
    const { desk, compare, chain } = await funded();
    await compare();
    const rows = () =>
      desk.store.database.prepare("SELECT verdict FROM reconciliation ORDER BY seq").pluck().all();
    chain.fork(1);
    await compare();
    chain.mine();
    await compare();
    expect(rows()).toEqual(["even", "differs"]);
    expect(lastReconciliation(desk.store, CHAIN)?.report).toMatchObject({ verdict: "differs" });
  });

  test("a comparison lets things be built for as long as the settings say, and a clock that went back ends it", async () => {
    const { desk, compare, chain } = await funded();
    expectRefusal(() => assertReconciled(onlineOf(desk), CHAIN), RECONCILE_FIRST);
    await compare();
    assertReconciled(onlineOf(desk, at("12:00:00")), CHAIN);
    expectRefusal(() => assertReconciled(onlineOf(desk, at("12:00:01")), CHAIN), RECONCILE_FIRST);
    expectRefusal(() => assertReconciled(onlineOf(desk, at("09:59:59")), CHAIN), RECONCILE_FIRST);
    await trusted(onlineOf(desk, at("12:00:01")), desk.custody.policy, chain.node);
    assertReconciled(onlineOf(desk, at("14:00:00")), CHAIN);
  });
});

describe("F10: the block up to which was compared leaves the best chain", () => {
  test("the comparison is none any more, young as it is; one with the new chain counts again", async () => {
    const { desk, chain, compare, read } = await funded();
    chain.mine();
    expect((await compare()).verdict).toBe("even");
    assertReconciled(onlineOf(desk), CHAIN);
    chain.fork(chain.height());
    await read();
    expectRefusal(() => assertReconciled(onlineOf(desk), CHAIN), RECONCILE_FIRST);
    await trusted(onlineOf(desk), desk.custody.policy, chain.node);
    assertReconciled(onlineOf(desk), CHAIN);
  });

  test("a build sees that the nodes have another block there, though nobody has read it yet", async () => {
    const { desk, chain, compare } = await funded();
    chain.mine();
    await compare();
    const before = lastReconciliation(desk.store, CHAIN)?.tip.hash;
    chain.fork(chain.height());
    assertReconciled(onlineOf(desk), CHAIN);
    await trusted(onlineOf(desk), desk.custody.policy, chain.node);
    expect(lastReconciliation(desk.store, CHAIN)?.tip.hash).not.toBe(before);
    assertReconciled(onlineOf(desk), CHAIN);
  });

  test("a block above it takes nothing back", async () => {
    const { desk, chain, compare, read } = await funded();
    await compare();
    chain.mine();
    await read();
    assertReconciled(onlineOf(desk), CHAIN);
  });
});

describe("F28: nodes share the tip and not the blocks below it", () => {
  /** The chain, but for blocks below its tip: what several nodes say of one of which they contradict each other. */
  const withholding = (chain: Awaited<ReturnType<typeof funded>>["chain"]) => {
    const honest = { ...chain.node };
    const without = (height: number) => height < chain.height();
    chain.node.blockHash = async (height) => (without(height) ? undefined : honest.blockHash(height));
    chain.node.block = async (height) => (without(height) ? undefined : honest.block(height));
    return () => Object.assign(chain.node, honest);
  };

  test("nothing is built on a young comparison whose block nobody vouches for; when they agree again, it is", async () => {
    const { desk, chain, compare } = await funded();
    await compare();
    chain.mine();
    const build = () => trusted(onlineOf(desk), desk.custody.policy, chain.node);
    await build();
    const end = withholding(chain);
    chain.mine();
    await expect(build()).rejects.toMatchObject({
      code: RECONCILE_FIRST.code,
      hint: expect.stringContaining("custody doctor") as string,
    });
    end();
    await build();
  });

  test("a pass that cannot read its next block, or the last one, is in doubt; one that can is not", async () => {
    const { desk, chain } = await funded();
    const { world } = watcherOf(desk, chain.node);
    expect(await compareWithChain(world, undefined)).toBeUndefined();
    expect(await compareWithChain(world, undefined)).toBeUndefined();
    const end = withholding(chain);
    chain.mine();
    chain.mine();
    const height = chain.height() - 2;
    expect(await compareWithChain(world, undefined)).toContain(`do not agree on block ${height},`);
    expect(await compareWithChain(watcherOf(desk, chain.node).world, undefined)).toContain(
      `block ${height},`,
    );
    end();
    expect(await compareWithChain(world, undefined)).toBeUndefined();
  });

  test("nodes that lag by a block are no contradiction", async () => {
    const { desk, chain } = await funded();
    chain.mine();
    const { world } = watcherOf(desk, chain.node);
    expect(await compareWithChain(world, undefined)).toBeUndefined();
    const [height, hash] = [chain.height() - 1, (await chain.node.blockHash(chain.height() - 1)) ?? ""];
    chain.node.tip = async () => ({ height, hash, time: at("09:00:00") });
    expect(await compareWithChain(world, undefined)).toBeUndefined();
  });
});

describe("F10: blocks that leave the chain take back what they have shown", () => {
  test("coins, spends and payments of strangers; what stands in the other chain is read", async () => {
    const { desk, chain, compare, read } = await funded();
    const { bytes } = signedPlan(desk);
    chain.mine(mined(bytes));
    await read();
    chain.fork(2);
    expect((await read()).gone).toBe(1);
    const { verdict, wallets } = await compare();
    expect(verdict).toBe("even");
    expect(wallets).toMatchObject([{ coins: WHOLE, underWay: 0n }]);
    chain.mine(mined(bytes));
    expect((await compare()).wallets).toMatchObject([{ unexplained: 0n }]);
  });

  test("F11: a node that lags takes nothing back, and is no ground to build on", async () => {
    const { desk, chain, compare, read } = await funded();
    chain.mine();
    await read();
    const behind = { ...(await chain.node.tip()), height: 1, hash: fixtureDigest("old") };
    chain.node.tip = async () => behind;
    expect((await compare()).verdict).toBe("behind");
    expect((await read()).gone).toBe(0);
    expectRefusal(() => assertReconciled(onlineOf(desk), CHAIN), RECONCILE_FIRST);
  });
});

describe("the watcher", () => {
  test("compares before it sends anything, at each start", async () => {
    const { desk, chain } = await funded();
    signedPlan(desk);
    const { world } = watcherOf(desk, chain.node);
    expect(await compareWithChain(world, undefined)).toBeUndefined();
    expect(lastReconciliation(desk.store, CHAIN)?.verdict).toBe("even");
    await broadcastAll(world);
    expect(chain.sent).toHaveLength(1);
  });

  test("sends nothing for the first time where it has doubts, and what was sent before again", async () => {
    const { desk, chain } = await funded();
    const { plan } = signedPlan(desk);
    const { world, events } = watcherOf(desk, chain.node);
    await broadcastAll({ ...world, doubt: "ledger and chain differ" });
    expect(chain.sent).toEqual([]);
    expect(events).toMatchObject([{ event: "not sent", reason: "ledger and chain differ" }]);
    await broadcastAll(world);
    expect(chain.sent).toHaveLength(1);
    await trackAll(world);
    expect(attemptsOf(desk.store, plan)[0]?.state).toBe("UNCERTAIN");
    await broadcastAll({ ...world, doubt: "ledger and chain differ" });
    expect(chain.sent[1]).toEqual(chain.sent[0]);
  });
});
