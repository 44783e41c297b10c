/** F28: a node that is honest about its tip and lies about the blocks below it. What was read is contradicted, not skipped. */
import { describe, expect, test } from "vitest";
import { NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import { blocks, fakeNode, hashOf, together, type FakeNode } from "./fake-nodes.ts";

/** Tells the truth about its tip, and of `lies` says another block. */
function liar(length: number, lies: (height: number) => boolean): FakeNode {
  const held = blocks(length);
  return fakeNode(held, {
    changes: {
      blockHash: async (height) => {
        if (height >= held.length) return undefined;
        return hashOf(lies(height) ? "b" : "a", height);
      },
    },
  });
}

const honest = () => fakeNode(blocks(12));

describe("F28: one of three lies about every block below the tip that all share", () => {
  test("the first question shows it: nothing is agreed on any more, and every node is named", async () => {
    const nodes = together([honest(), honest(), liar(12, (height) => height < 11)]);
    expect(await nodes.tip()).toMatchObject({ height: 11 });
    expect(await nodes.blockHash(7)).toBeUndefined();
    expect(await nodes.agreed()).toBeUndefined();
    expect(nodes.events.map(({ event, node }) => [event, node])).toEqual([
      ["nodes disagree", "one"],
      ["nodes disagree", "two"],
      ["nodes disagree", "three"],
      ["nothing can be concluded", undefined],
    ]);
    expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["apart", "apart", "apart"]);
    await expect(nodes.snapshot({} as never)).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });

  test("of one height alone: what lies below it is agreed on, as with a fork there", async () => {
    const nodes = together([honest(), honest(), liar(12, (height) => height === 7)]);
    expect(await nodes.tip()).toMatchObject({ height: 11 });
    expect(await nodes.block(7)).toBeUndefined();
    expect(await nodes.agreed()).toMatchObject({ height: 6, hash: hashOf("a", 6) });
    expect((await nodes.survey()).nodes[2]).toMatchObject({
      standing: "apart",
      reason: expect.stringContaining("above height 6") as string,
    });
    expect(await nodes.blockHash(6)).toBe(hashOf("a", 6));
  });

  test("when it comes round, all is as before", async () => {
    let lies = true;
    const nodes = together([honest(), honest(), liar(12, () => lies)]);
    await nodes.tip();
    expect(await nodes.blockHash(7)).toBeUndefined();
    lies = false;
    expect(await nodes.tip()).toMatchObject({ height: 11 });
    expect(await nodes.blockHash(7)).toBe(hashOf("a", 7));
    expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["ok", "ok", "ok"]);
  });
});

describe("F28: no lie", () => {
  test("three that tell the truth are asked no more than before, and agree", async () => {
    const nodes = together([honest(), honest(), honest()]);
    await nodes.tip();
    expect(await nodes.blockHash(7)).toBe(hashOf("a", 7));
    expect(await nodes.blockHash(12)).toBeUndefined();
    expect(nodes.events).toEqual([]);
  });

  test("one of three does not answer about a block: the other two are enough", async () => {
    const silent = fakeNode(blocks(12), {
      changes: { blockHash: () => Promise.reject(NODE_UNREACHABLE("no answer")) },
    });
    const nodes = together([honest(), honest(), silent]);
    await nodes.tip();
    expect(await nodes.blockHash(7)).toBe(hashOf("a", 7));
    expect(await nodes.agreed()).toMatchObject({ height: 11 });
    expect(nodes.events).toEqual([]);
  });
});
