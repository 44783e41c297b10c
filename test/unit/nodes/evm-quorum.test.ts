/** F11, F28: several endpoints of an EVM chain as one; what each kind of trouble lets be concluded. */
import { afterEach, describe, expect, test } from "vitest";
import { closeEndpoints, hashIn, honest, idOf, PAYER, together, world } from "./evm-doubles.ts";

afterEach(closeEndpoints);

const attempt = { transaction: idOf("payment"), address: PAYER, nonce: 0n };
const paid = { at: 7, nonce: 0, name: "payment" };
const included = { state: "included", height: 7 };
const noReceipts = { eth_getTransactionReceipt: () => null, eth_getTransactionByHash: () => null };

describe("F11: where an attempt stands", () => {
  test("three that agree: its depth is counted from what they share", async () => {
    const seen = world(10, [paid]);
    const nodes = await together({ one: honest(seen), two: honest(seen), three: honest(seen) });
    expect(await nodes.status(attempt)).toMatchObject({ ...included, confirmations: 3, finalized: true });
    seen.finalized = 6;
    expect(await nodes.status(attempt)).toMatchObject({ ...included, finalized: false });
    expect(nodes.events).toEqual([]);
  });

  test("one that lies about its receipt is outvoted, and named; of two nothing is known", async () => {
    const seen = world(10, [paid]);
    const receipt = (hash: unknown) => ({
      ...(honest(seen)["eth_getTransactionReceipt"]?.(hash, undefined) as object),
      status: "0x0",
    });
    const lying = { ...honest(seen), eth_getTransactionReceipt: receipt };
    const three = await together({ one: honest(seen), lying, three: honest(seen) });
    expect(await three.status(attempt)).toMatchObject({ ...included, receipt: { success: true } });
    expect(three.events).toMatchObject([{ event: "node is outvoted", node: "lying" }]);
    const two = await together({ one: honest(seen), lying });
    expect(await two.status(attempt)).toMatchObject({ state: "undecided", seen: true });
    // A quorum of one among three that contradict each other: no majority, so nothing.
    const also = { ...honest(seen), eth_getTransactionReceipt: () => null };
    const split = await together({ one: honest(seen), lying, also }, 1);
    expect(await split.status(attempt)).toMatchObject({ state: "undecided", seen: true });
  });

  test("one that lags has not read the block: it says nothing; alone with another it decides nothing", async () => {
    const seen = world(10, [paid]);
    const lagging = honest(world(6));
    const three = await together({ one: honest(seen), two: honest(seen), lagging });
    expect(await three.status(attempt)).toMatchObject({ ...included, confirmations: 3 });
    expect(three.events).toEqual([]);
    const two = await together({ one: honest(seen), lagging });
    expect(await two.status(attempt)).toMatchObject({ state: "undecided", seen: true });
  });

  test("two of four that lag are no voices against the two that have it", async () => {
    const [seen, behind] = [world(10, [paid]), world(6)];
    const named = { one: honest(seen), two: honest(seen), three: honest(behind), four: honest(behind) };
    expect(await (await together(named)).status(attempt)).toMatchObject({ ...included, confirmations: 3 });
  });

  test("a receipt of a block that has left the chain holds nothing, whoever still shows it", async () => {
    const seen = world(10);
    const stale = honest(world(10, [paid], { branch: "b", from: 5 }));
    const showing = {
      ...honest(seen),
      eth_getTransactionReceipt: stale["eth_getTransactionReceipt"] as never,
    };
    const nodes = await together({ one: showing, two: showing });
    expect(await nodes.status(attempt)).toMatchObject({ state: "undecided", seen: true });
  });

  test("unknown and pending take as many as must agree; one that has seen it is enough", async () => {
    const seen = world(10);
    const nodes = await together({ one: honest(seen), two: honest(seen), three: honest(seen) });
    expect(await nodes.status(attempt)).toEqual({ state: "unknown" });
    const aware = { ...honest(seen), ...honest({ ...seen, pool: ["payment"] }) };
    const one = await together({ one: honest(seen), aware, three: honest(seen) });
    expect(await one.status(attempt)).toEqual({ state: "pending" });
    const silent = await together({ one: honest(seen), two: honest(seen), silent: {} }, 3);
    await expect(silent.status(attempt)).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });

  test("a block that the endpoints as a whole do not have holds nothing", async () => {
    const [here, there] = [world(10, [paid]), world(10, [paid], { branch: "b", from: 5 })];
    const nodes = await together({ one: honest(here), two: honest(there) });
    expect((await nodes.tip()).latest.height).toBe(1);
    expect(await nodes.status(attempt)).toMatchObject({ state: "undecided", seen: true });
    const most = await together({ one: honest(here), two: honest(there), three: honest(here) });
    expect(await most.status(attempt)).toMatchObject({ ...included, blockHash: hashIn(here, 7) });
    expect(most.events.map(({ node }) => node)).toContain("two");
  });
});

describe("F08: a nonce that is gone", () => {
  const others = (taker: number, count: number) =>
    Array.from({ length: count }, (_, nonce) => ({ at: taker + 3 * nonce, nonce, name: `rival ${nonce}` }));

  test.each([1, 2, 5, 8, 11, 12, 13, 39])(
    "the transaction that took it is found in block %i",
    async (taker) => {
      const seen = world(
        40,
        others(taker, 4).filter(({ at }) => at < 40),
      );
      const nodes = await together({ one: honest(seen), two: honest(seen) });
      expect(await nodes.status(attempt)).toMatchObject({
        state: "replaced",
        by: idOf("rival 0"),
        blockHash: hashIn(seen, taker),
        height: taker,
        confirmations: 40 - taker,
      });
    },
  );

  test("it is its own: endpoints without an index hide the receipt, and nothing is concluded", async () => {
    const seen = world(40, [paid]);
    const hiding = { ...honest(seen), ...noReceipts };
    const nodes = await together({ one: hiding, two: hiding });
    expect(await nodes.status(attempt)).toMatchObject({ state: "undecided", seen: false });
    const most = await together({ one: hiding, two: hiding, three: honest(seen) });
    expect(await most.status(attempt)).toMatchObject({ state: "undecided", seen: true });
  });

  test("it went in somebody else's transaction (EIP-7702): nobody is named, and nothing concluded", async () => {
    const seen = world(40, [{ at: 9, nonce: 0, delegated: true }]);
    const nodes = await together({ one: honest(seen), two: honest(seen) });
    expect(await nodes.status(attempt)).toMatchObject({ state: "undecided" });
  });

  test("one that names another taker, or another nonce, is outvoted", async () => {
    const [seen, false_] = [world(40, others(9, 1)), world(40, [{ at: 9, nonce: 0, name: "invented" }])];
    const nodes = await together({ one: honest(seen), lying: honest(false_), three: honest(seen) });
    expect(await nodes.status(attempt)).toMatchObject({ state: "replaced", by: idOf("rival 0") });
    const early = { ...honest(seen), eth_getTransactionCount: () => "0x0" };
    const counting = await together({ one: honest(seen), early, three: honest(seen) });
    expect(await counting.status(attempt)).toMatchObject({ state: "replaced", by: idOf("rival 0") });
    const two = await together({ one: honest(seen), early });
    expect(await two.status(attempt)).toMatchObject({ state: "undecided" });
  });
});

describe("F28: the tip", () => {
  test("is what as many as must agree have reached, and so is what is final", async () => {
    const [ahead, seen] = [world(1000, [], { finalized: 999 }), world(10)];
    const boasting = {
      ...honest(seen),
      eth_getBlockByNumber: honest(ahead)["eth_getBlockByNumber"] as never,
    };
    const nodes = await together({ one: honest(seen), boasting, three: honest(seen) });
    expect(await nodes.tip()).toMatchObject({ latest: { height: 9, hash: hashIn(seen, 9) }, finalized: 7 });
  });

  test("one that is silent is waited for no longer than its grace; too few that answer are said to be", async () => {
    const seen = world(10);
    const silent = Object.fromEntries(Object.keys(honest(seen)).map((method) => [method, () => "silent"]));
    const nodes = await together({ one: honest(seen), silent, three: honest(seen) });
    const before = performance.now();
    expect((await nodes.tip()).latest.height).toBe(9);
    expect(performance.now() - before).toBeLessThan(2000);
    const one = await together({ one: honest(seen), refusing: {} });
    await expect(one.tip()).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });

  test("on a chain without finality it is not said, and depth decides", async () => {
    const seen = world(10, [paid]);
    const plain = {
      ...honest(seen),
      eth_getBlockByNumber: (name: unknown) =>
        name === "finalized" ? undefined : honest(seen)["eth_getBlockByNumber"]?.(name, undefined),
    };
    const nodes = await together({ one: plain, two: plain });
    expect((await nodes.tip()).finalized).toBeUndefined();
    expect(await nodes.status(attempt)).toMatchObject({ ...included, finalized: undefined });
  });
});
