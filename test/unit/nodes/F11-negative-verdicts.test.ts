/**
 * F11: a transaction was called dropped because one node, behind a load balancer, did not know it. No verdict against a
 * transaction without two nodes that keep up and agree; each lie beside the truth that looks like it.
 */
import { describe, expect, test } from "vitest";
import { blocks, deadNode, fakeNode, hashOf, together } from "./fake-nodes.ts";

const TX = "ab".repeat(32);
const held = () => blocks(11, { 8: [TX] });
const included = { state: "included", blockHash: hashOf("a", 8), height: 8, confirmations: 3 };

describe("F11: where a transaction stands, by two nodes", () => {
  test("both show it in the same block: included, with the fewer of their confirmations", async () => {
    const nodes = together([fakeNode(held()), fakeNode(held())]);
    expect(await nodes.status(TX)).toEqual(included);
    const ahead = together([fakeNode(held()), fakeNode(blocks(13, { 8: [TX] }))]);
    expect(await ahead.status(TX)).toEqual(included);
  });

  test("one says unknown of a confirmed one: nothing is decided, though it was seen", async () => {
    const liar = fakeNode(held(), { changes: { status: async () => ({ state: "unknown" }) } });
    for (const order of [
      [fakeNode(held()), liar],
      [liar, fakeNode(held())],
    ])
      expect(await together(order).status(TX)).toMatchObject({ state: "undecided", seen: true });
  });

  test("both say unknown: unknown", async () => {
    expect(await together([fakeNode(blocks(11)), fakeNode(blocks(11))]).status(TX)).toEqual({
      state: "unknown",
    });
  });

  test("the one that would know is down: nothing is decided", async () => {
    const nodes = together([fakeNode(blocks(11)), deadNode()]);
    expect(await nodes.status(TX)).toMatchObject({ state: "undecided", seen: false });
    expect(nodes.events).toMatchObject([
      { event: "node does not answer", node: "two" },
      { event: "nothing can be concluded" },
    ]);
  });

  test("both are down: what the first said is thrown", async () => {
    await expect(together([deadNode(), deadNode()]).status(TX)).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
    });
  });

  test("one waits for it, the other does not know it: pending, for two deny a block", async () => {
    const waiting = fakeNode(blocks(11), { changes: { mempool: new Set([TX]) } });
    expect(await together([fakeNode(blocks(11)), waiting]).status(TX)).toEqual({ state: "pending" });
    expect(await together([waiting, deadNode()]).status(TX)).toMatchObject({
      state: "undecided",
      seen: true,
    });
  });

  test("they name different blocks: nothing is decided", async () => {
    const nodes = together([fakeNode(held()), fakeNode(held(), { fork: { at: 8, branch: "b" } })]);
    expect(await nodes.status(TX)).toMatchObject({ state: "undecided", seen: true });
  });

  test("they name the same block at different heights: one node's height says nothing of its depth", async () => {
    const at = (height: number, confirmations: number) =>
      fakeNode(held(), {
        changes: { status: async () => ({ ...included, state: "included", height, confirmations }) },
      });
    expect(await together([at(8, 3), at(2, 9)]).status(TX)).toMatchObject({
      state: "undecided",
      seen: true,
      reason: "1 of 2 nodes show it in a block",
    });
    expect(await together([at(8, 3), at(2, 9), at(2, 9)]).status(TX)).toMatchObject({ state: "undecided" });
    expect(await together([at(8, 3), at(8, 3)]).status(TX)).toEqual(included);
  });

  test("one of three lags behind the block: its 'unknown' counts neither for nor against", async () => {
    const lagging = () => fakeNode(blocks(8));
    expect(await together([fakeNode(held()), fakeNode(held()), lagging()]).status(TX)).toEqual(included);
    const liar = fakeNode(held(), { changes: { status: async () => ({ state: "unknown" }) } });
    const dropped = fakeNode(held(), { changes: deadNodeStatus() });
    expect(await together([liar, dropped, lagging()]).status(TX)).toMatchObject({ state: "undecided" });
    expect(await together([liar, fakeNode(blocks(11)), lagging()]).status(TX)).toEqual({ state: "unknown" });
  });

  test("a block newer than the last look at the nodes is looked at again", async () => {
    const [one, two] = [fakeNode(blocks(10)), fakeNode(blocks(10))];
    const nodes = together([one, two]);
    expect((await nodes.tip()).height).toBe(9);
    for (const node of [one, two]) node.held.push([TX]);
    expect(await nodes.status(TX)).toMatchObject({ state: "included", height: 10, confirmations: 1 });
  });
});

describe("F11: one node, told to be enough alone, is the node as it is", () => {
  test.each([
    ["included", held(), new Set<string>(), included],
    ["pending", blocks(3), new Set([TX]), { state: "pending" }],
    ["unknown", blocks(3), new Set<string>(), { state: "unknown" }],
  ] as const)("%s", async (_, chain, mempool, status) => {
    const nodes = together(
      [
        fakeNode(
          chain.map((ids) => [...ids]),
          { changes: { mempool: new Set(mempool) } },
        ),
      ],
      1,
    );
    expect(await nodes.status(TX)).toEqual(status);
    expect(nodes.events).toEqual([]);
  });

  test("of one that is not enough, as on mainnet, nothing follows", async () => {
    const nodes = together([fakeNode(held())], 2);
    expect((await nodes.tip()).height).toBe(10);
    expect(await nodes.status(TX)).toMatchObject({ state: "undecided", seen: true });
    expect(await nodes.blockHash(3)).toBeUndefined();
    expect(await nodes.block(3)).toBeUndefined();
    expect(await nodes.spends(TX)).toEqual([]);
    await expect(nodes.snapshot({} as never)).rejects.toMatchObject({
      code: "NODES_TOO_FEW",
      exit: "network",
    });
    expect(await nodes.broadcast(Uint8Array.of(1))).toEqual({ type: "accepted" });
  });
});

describe("F11: what took a coin, by two nodes", () => {
  test("both name the same coins; one that names others, or none, leaves it open", async () => {
    const honest = () => fakeNode(held());
    expect(await together([honest(), honest()]).spends(TX)).toEqual([`coin of ${TX}`]);
    const liar = fakeNode(held(), { changes: { spends: async () => ["another coin"] } });
    expect(await together([honest(), liar]).spends(TX)).toEqual([]);
    expect(await together([honest(), fakeNode(blocks(11))]).spends(TX)).toEqual([]);
  });
});

function deadNodeStatus() {
  return { status: (id: string) => deadNode().status(id) };
}
