/** F28: a watcher that silently stood still. The tip is what enough nodes share; who does not keep up is named. */
import { describe, expect, test } from "vitest";
import { NODE_WRONG_NETWORK } from "../../../src/nodes/bitcoind/node.ts";
import { instantOf } from "../../../src/core/instant.ts";
import { NODE_REFUSED } from "../../../src/nodes/failure.ts";
import { blocks, deadNode, fakeNode, hashOf, timeAt, together } from "./fake-nodes.ts";

const view = {} as never;

describe("F28: the tip that several nodes share", () => {
  test("two at the same block: that block", async () => {
    const nodes = together([fakeNode(blocks(11)), fakeNode(blocks(11))]);
    expect(await nodes.tip()).toMatchObject({ height: 10, hash: hashOf("a", 10) });
    expect((await nodes.survey()).nodes).toMatchObject([
      { name: "one", standing: "ok" },
      { name: "two", standing: "ok" },
    ]);
    expect(nodes.events).toEqual([]);
  });

  test("one lags ten blocks: of two the lower, of three it is set aside and named", async () => {
    const two = together([fakeNode(blocks(21)), fakeNode(blocks(11))]);
    expect(await two.tip()).toMatchObject({ height: 10 });
    expect((await two.survey()).nodes.map(({ standing }) => standing)).toEqual(["apart", "behind"]);
    const three = together([fakeNode(blocks(21)), fakeNode(blocks(11)), fakeNode(blocks(21))]);
    expect(await three.tip()).toMatchObject({ height: 20 });
    expect(three.events).toMatchObject([
      { event: "node is behind", node: "two", reason: "10 blocks behind the others" },
    ]);
  });

  test("one that claims a hundred blocks more does not make the others laggards", async () => {
    const nodes = together([fakeNode(blocks(121)), fakeNode(blocks(21)), fakeNode(blocks(21))]);
    expect(await nodes.tip()).toMatchObject({ height: 20 });
    expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["apart", "ok", "ok"]);
  });

  test("a block behind is no lag", async () => {
    const nodes = together([fakeNode(blocks(21)), fakeNode(blocks(20)), fakeNode(blocks(21))]);
    expect(await nodes.tip()).toMatchObject({ height: 20 });
    expect(nodes.events).toEqual([]);
  });

  test("a node that comes back is told once, and its silence once", async () => {
    const held = blocks(11);
    const late = fakeNode(blocks(2));
    const nodes = together([fakeNode(held), fakeNode(held), late]);
    for (let i = 0; i < 3; i++) await nodes.tip();
    late.held = held;
    for (let i = 0; i < 3; i++) await nodes.tip();
    expect(nodes.events).toMatchObject([
      { event: "node is behind", node: "three" },
      { event: "node is back", node: "three" },
    ]);
  });

  test("one answers of two: its tip is shown, and nothing is concluded or built from it", async () => {
    const nodes = together([deadNode(), fakeNode(blocks(11))]);
    expect(await nodes.tip()).toMatchObject({ height: 10 });
    expect(await nodes.blockHash(10)).toBeUndefined();
    await expect(nodes.snapshot(view)).rejects.toMatchObject({
      code: "NODES_TOO_FEW",
      message: expect.stringContaining("one: NODE_UNREACHABLE") as string,
    });
  });

  test("one that is on another network is set aside like one that is silent", async () => {
    const foreign = fakeNode(blocks(11), {
      changes: { tip: () => Promise.reject(NODE_WRONG_NETWORK("on main")) },
    });
    const nodes = together([fakeNode(blocks(11)), fakeNode(blocks(11)), foreign]);
    expect((await nodes.tip()).height).toBe(10);
    expect(nodes.events).toMatchObject([
      { node: "three", reason: expect.stringContaining("NODE_WRONG_NETWORK") as string },
    ]);
    await expect(together([foreign]).tip()).rejects.toMatchObject({ code: "NODE_WRONG_NETWORK" });
  });
});

describe("F10, F11: nodes that keep up and contradict each other", () => {
  const fork = { at: 9, branch: "b" };

  test("two: the last block that both have, and nothing above it", async () => {
    const nodes = together([fakeNode(blocks(12)), fakeNode(blocks(12), { fork })]);
    expect(await nodes.tip()).toMatchObject({ height: 8, hash: hashOf("a", 8) });
    expect(await nodes.blockHash(8)).toBe(hashOf("a", 8));
    expect(await nodes.blockHash(9)).toBeUndefined();
    expect(await nodes.block(9)).toBeUndefined();
    expect(nodes.events.map(({ event, node }) => [event, node])).toEqual([
      ["nodes disagree", "one"],
      ["nodes disagree", "two"],
    ]);
  });

  test("two against one is no vote: it waits all the same, until the one comes round", async () => {
    const tx = "cd".repeat(32);
    const held = () => blocks(12, { 10: [tx] });
    const odd = fakeNode(held(), { fork });
    const nodes = together([fakeNode(held()), fakeNode(held()), odd]);
    expect(await nodes.tip()).toMatchObject({ height: 8 });
    expect(await nodes.status(tx)).toMatchObject({ state: "undecided", seen: true });
    const agreed = together([fakeNode(held()), fakeNode(held()), fakeNode(held())]);
    expect(await agreed.tip()).toMatchObject({ height: 11 });
    expect(await agreed.status(tx)).toMatchObject({ state: "included", height: 10 });
  });

  test("one that stopped on a branch of its own long ago holds up nobody", async () => {
    const stuck = fakeNode(blocks(12), { fork });
    const nodes = together([fakeNode(blocks(40)), fakeNode(blocks(40)), stuck]);
    expect(await nodes.tip()).toMatchObject({ height: 39 });
    expect(nodes.events).toMatchObject([{ event: "node is behind", node: "three" }]);
  });

  test("an invented tip without a common block: nothing is agreed", async () => {
    const nodes = together([fakeNode(blocks(12)), fakeNode(blocks(12), { fork: { at: 0, branch: "b" } })]);
    await nodes.tip();
    expect(await nodes.blockHash(0)).toBeUndefined();
    await expect(nodes.snapshot(view)).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });
});

describe("F28: the age of what nodes agree on is that of the block that they agree on", () => {
  const time = (height: number) => instantOf(timeAt(height));

  test("a node that invents a block in place of each new one does not make the last common block young", async () => {
    const held = blocks(12);
    const liar = fakeNode(held, { fork: { at: 9, branch: "b" } });
    const nodes = together([fakeNode(held), liar]);
    expect(await nodes.tip()).toEqual({ height: 8, hash: hashOf("a", 8), time: time(8) });
    // The chain grows, the lie with it, and what is agreed on stays as old as it is.
    for (let block = 0; block < 20; block++) held.push([]);
    expect((await nodes.survey()).agreed).toEqual({ height: 8, hash: hashOf("a", 8), time: time(8) });
    expect(await nodes.agreed()).toMatchObject({ height: 8, time: time(8) });
  });

  test("one that says an older time of its own tip does not make a young block old", async () => {
    const old = fakeNode(blocks(12), {
      changes: { tip: async () => ({ height: 10, hash: hashOf("a", 10), time: time(0) }) },
    });
    const nodes = together([fakeNode(blocks(12)), fakeNode(blocks(12)), old]);
    expect(await nodes.tip()).toEqual({ height: 11, hash: hashOf("a", 11), time: time(11) });
  });

  test("of one that keeps the header to itself another is asked; where all do, nothing is agreed", async () => {
    const fork = { at: 9, branch: "b" };
    const withheld = { blockTime: () => Promise.reject(NODE_REFUSED("Block not found")) };
    const one = together([fakeNode(blocks(12), { changes: withheld }), fakeNode(blocks(12), { fork })]);
    expect(await one.tip()).toMatchObject({ height: 8, time: time(8) });
    const all = [undefined, fork].map((at) =>
      fakeNode(blocks(12), { ...(at && { fork: at }), changes: withheld }),
    );
    expect((await together(all).survey()).agreed).toBeUndefined();
    await expect(together(all).snapshot(view)).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });

  test("a header is asked of whoever has it", async () => {
    const nodes = together([deadNode(), fakeNode(blocks(12)), fakeNode(blocks(12))]);
    expect(await nodes.blockTime(hashOf("a", 5))).toBe(time(5));
    await expect(nodes.blockTime(hashOf("c", 5))).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  });
});

describe("F11: blocks, mempools and coins of several nodes", () => {
  test("a block comes from whoever has it as its hash says", async () => {
    const tx = "ef".repeat(32);
    const held = () => blocks(6, { 4: [tx] });
    const other = fakeNode(held(), { changes: { block: async () => undefined } });
    const nodes = together([other, fakeNode(held())]);
    expect(await nodes.block(4)).toMatchObject({ hash: hashOf("a", 4), transactions: [{ id: tx }] });
    expect(await nodes.block(99)).toBeUndefined();
  });

  test("a transaction waits if it waits at one of them", async () => {
    const with_ = (...ids: string[]) => fakeNode(blocks(3), { changes: { mempool: new Set(ids) } });
    expect([...(await together([with_("x"), with_("x", "y"), deadNode()]).pending())].sort()).toEqual([
      "x",
      "y",
    ]);
  });

  test("a coin is one that all of them list", async () => {
    const listing = (...coins: string[]) => fakeNode(blocks(3), { changes: { coins } });
    expect(await together([listing("a", "b"), listing("b", "c")]).snapshot(view)).toEqual(["b"]);
    expect(await together([listing("a", "b")], 1).snapshot(view)).toEqual(["a", "b"]);
  });
});
