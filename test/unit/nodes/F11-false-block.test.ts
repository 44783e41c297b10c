/** F11: one node names another block for our transaction. Its block is proven false, the node is named, the payment settles. */
import { describe, expect, test } from "vitest";
import type { TransactionStatus } from "../../../src/chains/chain-node.ts";
import { blocks, fakeNode, hashOf, together } from "./fake-nodes.ts";

const TX = "ab".repeat(32);
const held = () => blocks(11, { 8: [TX] });
const honest = () => fakeNode(held());
const included = { state: "included", blockHash: hashOf("a", 8), height: 8, confirmations: 3 } as const;

/** Knows the chain as it is, and says `status` of every transaction. */
const saying = (status: TransactionStatus, chain = held()) =>
  fakeNode(chain, { changes: { status: async () => status } });

describe("F11: one of three names a block that does not hold the transaction", () => {
  test.each([
    ["a real one, without it", { ...included, blockHash: hashOf("a", 7), height: 7, confirmations: 4 }],
    ["the right one, at another height", { ...included, height: 2, confirmations: 9 }],
    ["one that nobody has", { ...included, blockHash: hashOf("b", 8) }],
  ])("%s: it is left out and named", async (_, lie) => {
    const nodes = together([honest(), saying(lie), honest()]);
    for (let pass = 0; pass < 3; pass++) {
      await nodes.tip();
      expect(await nodes.status(TX)).toEqual(included);
    }
    expect(nodes.events.filter(({ level }) => level === "error")).toMatchObject([
      { event: "node names a false block", node: "two", reason: expect.stringContaining(TX) as string },
    ]);
    expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["ok", "apart", "ok"]);
  });

  test("of one that waits at the others: it waits", async () => {
    const waiting = () => fakeNode(blocks(11), { changes: { mempool: new Set([TX]) } });
    const nodes = together([waiting(), waiting(), saying(included, blocks(11))]);
    expect(await nodes.status(TX)).toEqual({ state: "pending" });
    expect(nodes.events).toMatchObject([{ event: "node names a false block", node: "three" }]);
  });

  test("when it comes round, it is listened to again", async () => {
    const one = { ...included, height: 2 };
    const odd = saying(one);
    const nodes = together([honest(), honest(), odd]);
    await nodes.status(TX);
    odd.status = async () => included;
    expect(await nodes.status(TX)).toEqual(included);
    expect((await nodes.survey()).nodes[2]).toMatchObject({ standing: "ok" });
  });
});

describe("F11: what proves nothing leaves nobody out", () => {
  test("two that name one true block: one is enough to be right, not to conclude", async () => {
    const nodes = together([honest(), saying({ state: "unknown" })]);
    expect(await nodes.status(TX)).toMatchObject({ state: "undecided", seen: true });
    expect(nodes.events).toEqual([]);
  });

  test("a block above what is agreed on", async () => {
    const nodes = together([
      honest(),
      saying({ ...included, blockHash: hashOf("b", 20), height: 20 }),
      honest(),
    ]);
    expect(await nodes.status(TX)).toMatchObject({ state: "undecided" });
    expect(nodes.events).toEqual([]);
  });

  test("one says fewer confirmations of the same block: its depth is counted from what is agreed on", async () => {
    const nodes = together([honest(), honest(), saying({ ...included, confirmations: 1 })]);
    expect(await nodes.status(TX)).toEqual(included);
  });
});
