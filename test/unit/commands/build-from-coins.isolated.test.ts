/**
 * What the commands conclude from a wallet's coins and rates: when a batch is due, whom it leaves out, when small coins
 * are gathered, and what a doctor rebuilds; and what is said of a build under a policy that has ended.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import type { BitcoinSnapshot } from "../../../src/chains/bitcoin/snapshot.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import type { Store } from "../../../src/store/database.ts";
import { ask, decide } from "../../attack/online.ts";
import { COINS, vaultSnapshot } from "../../factory/custody.ts";
import { approval, policyBody, row } from "../../factory/documents.ts";
import { compared, fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, OSCAR } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

let snapshot: BitcoinSnapshot;
vi.mock("../../../src/home/chain-snapshot.ts", () => ({ takeSnapshot: async () => snapshot }));

const NOW = at("09:20:00");
let home: OnlineHome;
let take: (changes?: Partial<BitcoinSnapshot>, coins?: typeof COINS) => void;

const body = policyBody();
const POLICY = {
  rows: [...body.rows, row("gathers", "0", "1000000000", 1, { type: "consolidate" })],
  // Oscar's session asks for what is no customer's payment.
  identities: body.identities.map((one) =>
    one.name === OSCAR.name ? { ...one, roles: [...one.roles, "requester" as const] } : one,
  ),
};

/** What the home's policy was made with. */
let changes: Partial<Policy>;

async function begin(made: Partial<Policy> = POLICY): Promise<void> {
  changes = made;
  home = await onlineHome(changes);
  await beginSession(home);
  home.inside((store) => {
    const desk = homeDesk(store, changes);
    fund(desk);
    compared(desk);
    take = (rates = {}, coins = COINS) => (snapshot = vaultSnapshot(desk.custody, coins, rates));
  });
  take({ feeRateMilli: "5000" });
}

beforeEach(() => begin());

/** Payments that are READY since 09:05. */
function ready(...keys: readonly string[]): readonly Id[] {
  return home.inside((store) => {
    const desk = homeDesk(store, changes);
    return keys.map((key) => {
      const { id, intent } = ask(desk, key, 100_000n);
      decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
      return id;
    });
  });
}

const due = (env: Readonly<Record<string, string>> = {}, now = NOW) =>
  home.run("withdraw build --wallet vault --when-due", { now, env });

describe("withdraw build --when-due", () => {
  test("nothing is due: exit 8 says what is waited for, and nothing is planned", async () => {
    expect(await due()).toMatchObject({ exit: 8, error: { code: "BATCH_NOT_DUE" } });
    const [id] = ready("a");
    const answer = await due();
    expect(answer).toMatchObject({ exit: 8, error: { code: "BATCH_NOT_DUE", field: "--when-due" } });
    expect((answer.error as { message?: string }).message).toContain("1 of 100 payments wait");
    expect((await home.run(`withdraw show ${id}`, { now: NOW })).data).toMatchObject({
      state: "READY",
      plans: [],
    });
  });

  test.each([
    ["size", { CUSTODY_BATCH_MAX: "2" }, NOW, "2 payments wait"],
    ["age", { CUSTODY_BATCH_MAX_AGE_MINUTES: "10" }, NOW, "has waited 15 minutes"],
    ["fee rate", { CUSTODY_BATCH_FEE_RATE: "5" }, NOW, "fees are 5 sat/vB"],
  ])("it is due by its %s, and says so", async (_what, env, now, why) => {
    ready("a", "b");
    expect(await due({}, now)).toMatchObject({ exit: 8 });
    const { exit, data } = await due(env, now);
    expect(exit).toBe(0);
    expect(data.due).toContain(why);
    expect(data.withdrawals).toHaveLength(2);
  });

  test("it takes no more than a batch holds; the next one is not due by size", async () => {
    ready("a", "b", "c");
    const env = { CUSTODY_BATCH_MAX: "2" };
    expect((await due(env)).data.withdrawals).toHaveLength(2);
    take({ feeRateMilli: "5000" }, [{ units: 50_000_000n, index: 2 }]);
    expect(await due(env)).toMatchObject({ exit: 8 });
  });
});

describe("withdraw build", () => {
  const build = (words = "", now = NOW) => home.run(`withdraw build --wallet vault${words}`, { now });

  test.each([
    [3, 3],
    [4, 1],
  ])(
    "of %i that are left out for one reason, %i remarks are made: more than three are counted",
    async (out, remarks) => {
      ready("a", ...Array.from({ length: out }, (_, index) => `left out ${index}`));
      const { data, warnings } = await build(" --max 1");
      expect(data.leftOut).toHaveLength(out);
      const expected = data.leftOut.map(({ id, why }: { id: Id; why: string }) => `left out ${id}: ${why}`);
      expect(warnings).toHaveLength(remarks);
      expect(warnings).toEqual(
        remarks === out ? expected : [`left out ${out} withdrawals: the batch holds 1 already`],
      );
    },
  );

  test("each reason for itself: one that holds back few is listed beside one that holds back many", async () => {
    ready("a", "b", "c", "d", "e", "f");
    take({ feeRateMilli: "5000" }, [{ units: 150_000n, index: 2 }]);
    const { data, warnings } = await build(" --max 2");
    const [full, lacking] = warnings;
    expect(data.withdrawals).toHaveLength(1);
    expect(lacking).toMatch(/^left out [0-9a-f]{32}: INSUFFICIENT_COINS: /);
    expect(full).toBe("left out 4 withdrawals: the batch holds 2 already");
    expect(warnings).toHaveLength(2);
  });
});

describe("a policy that ends at 09:20", () => {
  const END = at("09:20:00");

  test.each([
    ["before its end nothing is warned of", at("09:19:59"), []],
    ["at its last second neither", END, []],
    [
      "after it: it is built and exported, and would be carried in vain",
      at("09:20:01"),
      [`policy number 1 ended at ${END}: every signer refuses this until the next one is pinned`],
    ],
  ])("%s", async (_what, now, said) => {
    await begin({ ...POLICY, expires: END });
    const [id] = ready("a");
    const built = await home.run("withdraw build --wallet vault", { now });
    expect([built.exit, built.warnings]).toEqual([0, said]);
    const left = await home.run(`withdraw export ${built.data.plan} --out request.json`, { now });
    expect([left.exit, left.warnings]).toEqual([0, said]);
    expect((await home.run(`withdraw show ${id}`, { now })).data.state).toBe("EXPORTED");
  });
});

describe("intent new --small", () => {
  const small = (env: Readonly<Record<string, string>> = {}) =>
    home.run("intent new --type consolidate --wallet vault --small", { now: NOW, env });
  const few = { CUSTODY_CONSOLIDATE_COINS: "3" };
  const dust = [1, 2, 3].map((index) => ({ units: 200_000n, index }));

  test("too few small coins, or fees that are not low: exit 8, and nobody is asked", async () => {
    expect(await small(few)).toMatchObject({ exit: 8, error: { code: "FEES_NOT_LOW", field: "--small" } });
    take({ feeRateMilli: "20000" }, dust);
    expect(await small(few)).toMatchObject({ exit: 8, error: { code: "FEES_NOT_LOW" } });
    expect((await home.run("intent list", { now: NOW })).data).toEqual([]);
  });

  test("enough of them while fees are low: an intent over exactly their sum, and build advises it", async () => {
    take({ feeRateMilli: "2000" }, [...dust, { units: 50_000_000n, index: 4 }]);
    ready("a");
    const built = await home.run("withdraw build --wallet vault", { now: NOW, env: few });
    expect(built.warnings.join()).toContain("--type consolidate --wallet vault --small");
    take({ feeRateMilli: "2000" }, dust);
    expect(await small(few)).toMatchObject({ exit: 0, data: { type: "consolidate", units: "600000" } });
  });
});

describe("doctor rebuilds live plans and compares", () => {
  const plans = async () => {
    const answer = await home.run("doctor", { now: NOW });
    return (answer.data as readonly { check: string; ok: boolean; code?: string }[]).find(
      ({ check }) => check === "plans",
    );
  };

  /** Somebody with the file and an editor: no trigger stops whoever drops it first. */
  const spoil = (store: Store, sql: string) => {
    const { database } = store;
    const names = database
      .prepare<[], { name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'plan'",
      )
      .all();
    for (const { name } of names) database.exec(`DROP TRIGGER "${name}"`);
    expect(database.prepare(sql).run().changes).toBe(1);
  };

  test("as built it passes; a snapshot that was changed on disk past the triggers is found", async () => {
    ready("a");
    expect((await home.run("withdraw build --wallet vault", { now: NOW })).exit).toBe(0);
    expect(await plans()).toMatchObject({ ok: true });
    home.inside((store) =>
      spoil(
        store,
        `UPDATE plan SET snapshot = CAST(replace(CAST(snapshot AS TEXT), '"seed":"', '"seed":"00') AS BLOB)`,
      ),
    );
    expect(await plans()).toMatchObject({ ok: false });
  });

  test("so is another builder's record", async () => {
    ready("a");
    await home.run("withdraw build --wallet vault", { now: NOW });
    home.inside((store) =>
      spoil(store, "UPDATE plan SET build = CAST(replace(CAST(build AS TEXT), '5000', '5001') AS BLOB)"),
    );
    expect(await plans()).toMatchObject({ ok: false, code: "PLAN_REBUILT_OTHERWISE" });
  });
});
