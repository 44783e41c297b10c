/**
 * F28: one slow node held up every pass until its time-outs were over, though the others agreed. Where enough have answered
 * it is left behind; its contradiction counts all the same, however late it comes.
 */
import { describe, expect, test } from "vitest";
import { NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import { blocks, fakeNode, hashOf, type FakeNode } from "./fake-nodes.ts";
import { isWaiting, patient, slow } from "./slow-nodes.ts";

const fork = { at: 9, branch: "b" };

/** Two nodes over one chain, and a third that is asked for its tip and lets everybody wait. */
function three(third: (held: string[][]) => FakeNode = (held) => fakeNode(held)) {
  const held = blocks(11);
  const late = slow(third(held));
  late.held.add("tip");
  return { held, late, nodes: patient([fakeNode(held), fakeNode(held), late.node]) };
}

/** Has the third answer for the first time: nothing is known of it before. */
async function heardOnce(made: ReturnType<typeof three>) {
  const first = made.nodes.tip();
  expect(await isWaiting(first)).toBe(true);
  await made.late.answer();
  await first;
  return made;
}

describe("F28: the tip, while one of three is slow", () => {
  test("of a node that was never heard nothing is known: it is waited for, once", async () => {
    const { nodes, late } = await heardOnce(three());
    expect((await nodes.tip()).height).toBe(10);
    expect(nodes.events).toMatchObject([{ event: "node does not answer", node: "three" }]);
    expect((await nodes.survey()).nodes).toMatchObject([
      { standing: "ok" },
      { standing: "ok" },
      { standing: "failing", reason: expect.stringContaining("NODE_SLOW") as string },
    ]);
    await late.answer();
    late.held.clear();
    await nodes.tip();
    expect(nodes.events).toMatchObject([{}, { event: "node is back", node: "three" }]);
  });

  test("it is asked once at a time, and nothing else in a look that went on without it", async () => {
    const { nodes, late } = await heardOnce(three());
    late.asked.length = 0;
    for (let look = 0; look < 3; look++) await nodes.tip();
    await nodes.status("ab".repeat(32));
    await nodes.blockHash(10);
    expect(late.asked).toEqual(["tip"]);
  });

  test("two of three that are slow are waited for: nothing is concluded from one", async () => {
    const held = blocks(11);
    const [two, other] = [slow(fakeNode(held)), slow(fakeNode(held))];
    const nodes = patient([fakeNode(held), two.node, other.node]);
    await nodes.tip();
    for (const { held: questions } of [two, other]) questions.add("tip");
    const tip = nodes.tip();
    expect(await isWaiting(tip)).toBe(true);
    await two.answer();
    expect((await tip).height).toBe(10);
  });

  test("what it says late against the others counts with the next look, which waits for it", async () => {
    const { nodes, late, held } = await heardOnce(
      three((chain) => fakeNode(chain, { fork: { at: 11, branch: "b" } })),
    );
    held.push([]);
    expect((await nodes.tip()).height).toBe(11);
    await late.answer();
    const next = nodes.tip();
    expect(await isWaiting(next)).toBe(true);
    await late.answer();
    expect(await next).toMatchObject({ height: 10, hash: hashOf("a", 10) });
    expect(nodes.events.map(({ event, node }) => [event, node])).toContainEqual(["nodes disagree", "three"]);
  });

  test("what it says late with the others changes nothing", async () => {
    const { nodes, late, held } = await heardOnce(three());
    held.push([]);
    expect((await nodes.tip()).height).toBe(11);
    await late.answer();
    expect((await nodes.tip()).height).toBe(11);
  });

  test.each([
    [3, false],
    [4, true],
  ])("%i blocks above what it has said last: waited for is %s", async (more, waits) => {
    const { nodes, late, held } = await heardOnce(three());
    for (let block = 0; block < more; block++) held.push([]);
    const tip = nodes.tip();
    expect(await isWaiting(tip)).toBe(waits);
    await late.answer();
    expect((await tip).height).toBe(10 + more);
  });

  test("while the two others contradict each other it is waited for", async () => {
    const held = blocks(11);
    const late = slow(fakeNode(held));
    const odd = fakeNode(held);
    const nodes = patient([fakeNode(held), odd, late.node]);
    await nodes.tip();
    late.held.add("tip");
    Object.assign(odd, fakeNode(held, { fork }));
    const tip = nodes.tip();
    expect(await isWaiting(tip)).toBe(true);
    await late.answer();
    expect(await tip).toMatchObject({ height: 8 });
  });

  test("one that gave no answer at last holds nobody up again before it gives one", async () => {
    let fails = true;
    const made = await heardOnce(
      three((held) => {
        const sound = fakeNode(held);
        const failing = async () => (fails ? Promise.reject(NODE_UNREACHABLE("no answer")) : sound.tip());
        return fakeNode(held, { changes: { tip: failing } });
      }),
    );
    const { nodes, late, held } = made;
    for (let block = 0; block < 9; block++) held.push([]);
    expect((await nodes.tip()).height).toBe(19);
    fails = false;
    await late.answer();
    expect((await nodes.tip()).height).toBe(19);
  });
});

describe("F28: one that is slow about a block below the tip", () => {
  test("is left behind; when it names another block, all are asked again and none is left behind", async () => {
    const held = blocks(11);
    const late = slow(
      fakeNode(held, { changes: { blockHash: async (at) => hashOf(at === 5 ? "c" : "a", at) } }),
    );
    const nodes = patient([fakeNode(held), fakeNode(held), late.node]);
    await nodes.tip();
    late.held.add("blockHash");
    expect(await nodes.blockHash(5)).toBe(hashOf("a", 5));
    await late.answer();
    const next = nodes.tip();
    expect(await isWaiting(next)).toBe(true);
    late.held.clear();
    await late.answer();
    expect(await next).toMatchObject({ height: 4 });
  });

  test("a copy of the block, and its time, are taken from the next one", async () => {
    const held = blocks(11, { 4: ["ab".repeat(32)] });
    const late = slow(fakeNode(held));
    const nodes = patient([late.node, fakeNode(held), fakeNode(held)]);
    await nodes.tip();
    late.held.add("block").add("blockTime");
    expect(await nodes.block(4)).toMatchObject({ hash: hashOf("a", 4), transactions: [{}] });
    expect(await nodes.blockTime(hashOf("a", 4))).toBeDefined();
    // It is still heard when nobody else has it.
    const alone = patient([
      slow(fakeNode(held)).node,
      fakeNode(held, { changes: { block: async () => undefined } }),
    ]);
    expect(await alone.block(4)).toMatchObject({ hash: hashOf("a", 4) });
  });
});

test("a grace is given once a look, however many questions it is late for", async () => {
  const held = blocks(11);
  const late = slow(fakeNode(held));
  const nodes = patient([fakeNode(held), fakeNode(held), late.node]);
  await nodes.tip();
  late.held.add("pending").add("blockHash");
  await nodes.pending();
  await nodes.blockHash(3);
  expect(late.asked.at(-1)).toBe("blockHash");
  expect(nodes.graces()).toBe(1);
  await nodes.tip();
  await nodes.blockHash(4);
  expect(nodes.graces()).toBe(2);
});
