/** F11: which answers do not wait for a slow node, and which do, for it may be the one that knows the block. */
import { describe, expect, test } from "vitest";
import type { BroadcastOutcome } from "../../../src/chains/chain-node.ts";
import { blocks, fakeNode, hashOf, type FakeNode } from "./fake-nodes.ts";
import { isWaiting, patient, slow } from "./slow-nodes.ts";

const TX = "ab".repeat(32);
const held = () => blocks(11, { 8: [TX] });

/** Two nodes and a third that is slow to answer this question alone. */
async function three(
  question: "status" | "spends" | "snapshot" | "pending" | "broadcast",
  nodes: readonly FakeNode[],
) {
  const [one, two, third] = nodes as [FakeNode, FakeNode, FakeNode];
  const late = slow(third);
  const made = patient([one, two, late.node]);
  await made.tip();
  late.held.add(question);
  return { nodes: made, late };
}

describe("F11: where a transaction stands, while one of three is slow", () => {
  test("a block that two name does not wait for the third", async () => {
    const { nodes } = await three("status", [fakeNode(held()), fakeNode(held()), fakeNode(held())]);
    expect(await nodes.status(TX)).toMatchObject({ state: "included", height: 8, confirmations: 3 });
  });

  test("that two do not know it waits for the third, which shows the block: nothing is decided", async () => {
    const unknown = { changes: { status: async () => ({ state: "unknown" }) as const } };
    const { nodes, late } = await three("status", [
      fakeNode(held(), unknown),
      fakeNode(held(), unknown),
      fakeNode(held()),
    ]);
    const status = nodes.status(TX);
    expect(await isWaiting(status)).toBe(true);
    await late.answer();
    expect(await status).toMatchObject({ state: "undecided", seen: true });
  });

  test("that it waits at two waits for the third, which does not know it", async () => {
    const waiting = () => fakeNode(blocks(11), { changes: { mempool: new Set([TX]) } });
    const { nodes, late } = await three("status", [waiting(), waiting(), fakeNode(blocks(11))]);
    const status = nodes.status(TX);
    expect(await isWaiting(status)).toBe(true);
    await late.answer();
    expect(await status).toEqual({ state: "pending" });
  });

  test("blocks that contradict each other wait for the third", async () => {
    const at = (height: number) =>
      fakeNode(held(), {
        changes: {
          status: async () => ({ state: "included", blockHash: hashOf("a", 8), height, confirmations: 1 }),
        },
      });
    const { nodes, late } = await three("status", [at(8), at(2), fakeNode(held())]);
    const status = nodes.status(TX);
    expect(await isWaiting(status)).toBe(true);
    await late.answer();
    expect(await status).toMatchObject({ state: "included", height: 8 });
  });
});

test("F11: what took a coin does not wait where two name it, and waits where one does", async () => {
  const knowing = await three("spends", [fakeNode(held()), fakeNode(held()), fakeNode(held())]);
  expect(await knowing.nodes.spends(TX)).toEqual([`coin of ${TX}`]);
  const { nodes, late } = await three("spends", [fakeNode(held()), fakeNode(blocks(11)), fakeNode(held())]);
  const spends = nodes.spends(TX);
  expect(await isWaiting(spends)).toBe(true);
  await late.answer();
  expect(await spends).toEqual([`coin of ${TX}`]);
});

test("B1: coins to spend wait for every node: the slow one may know that one of them is spent", async () => {
  const all = () => fakeNode(blocks(11), { changes: { coins: ["coin"] } });
  const { nodes, late } = await three("snapshot", [all(), all(), all()]);
  const snapshot = nodes.snapshot({} as never);
  expect(await isWaiting(snapshot)).toBe(true);
  await late.answer();
  expect(await snapshot).toHaveLength(3);
});

test("what waits at the nodes is told without the slow one", async () => {
  const mempool = () => fakeNode(blocks(11), { changes: { mempool: new Set([TX]) } });
  const { nodes } = await three("pending", [mempool(), mempool(), mempool()]);
  expect([...(await nodes.pending())]).toEqual([TX]);
});

describe("F4: sending, while one of three is slow", () => {
  const bytes = Uint8Array.of(1);
  const saying = (outcome: BroadcastOutcome) =>
    fakeNode(blocks(11), { changes: { broadcast: async () => outcome } });
  const rejected = { type: "rejected", reason: "min relay fee not met" } as const;

  test("one has taken it: that is enough, and the slow one is sent it all the same and heard", async () => {
    const { nodes, late } = await three("broadcast", [
      saying(rejected),
      saying({ type: "accepted" }),
      saying(rejected),
    ]);
    expect(await nodes.broadcast(bytes)).toEqual({ type: "accepted" });
    expect(late.asked).toContain("broadcast");
    expect(nodes.events).toMatchObject([{ node: "one" }]);
    await late.answer();
    expect(nodes.events).toMatchObject([
      { node: "one" },
      { node: "three", event: "node refused a transaction" },
    ]);
  });

  test("nobody has taken it: the slow one is waited for, and may take it", async () => {
    const { nodes, late } = await three("broadcast", [
      saying(rejected),
      saying(rejected),
      saying({ type: "accepted" }),
    ]);
    const sent = nodes.broadcast(bytes);
    expect(await isWaiting(sent)).toBe(true);
    await late.answer();
    expect(await sent).toEqual({ type: "accepted" });
  });
});
