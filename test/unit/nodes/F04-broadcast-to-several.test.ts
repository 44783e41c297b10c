/** F4, F3: the same bytes to every node. One that takes them is enough; silence of the others is never a refusal. */
import { describe, expect, test } from "vitest";
import type { BroadcastOutcome } from "../../../src/chains/chain-node.ts";
import { NODE_WRONG_NETWORK } from "../../../src/nodes/bitcoind/node.ts";
import { blocks, fakeNode, together } from "./fake-nodes.ts";

const BYTES = Uint8Array.of(1, 2, 3);
const answering = (outcome: BroadcastOutcome) =>
  fakeNode(blocks(3), { changes: { broadcast: async () => outcome } });
const accepting = () => fakeNode(blocks(3));
const refusing = () => answering({ type: "rejected", reason: "min relay fee not met" });
const silent = () => answering({ type: "uncertain", reason: "NODE_TIMEOUT: slow" });
const foreign = () =>
  fakeNode(blocks(3), { changes: { broadcast: () => Promise.reject(NODE_WRONG_NETWORK("on main")) } });

describe("F4: one payment to several nodes", () => {
  test("all get identical bytes, also one that lags", async () => {
    const nodes = [accepting(), fakeNode(blocks(1)), accepting()];
    expect(await together(nodes).broadcast(BYTES)).toEqual({ type: "accepted" });
    expect(nodes.map(({ sent }) => sent)).toEqual([[BYTES], [BYTES], [BYTES]]);
  });

  test.each([
    ["one takes it, one refuses", [refusing(), accepting()], "accepted"],
    ["one takes it, one drops the reply", [silent(), accepting()], "accepted"],
    ["both refuse", [refusing(), refusing()], "rejected"],
    ["one refuses, one drops the reply", [refusing(), silent()], "uncertain"],
    ["both drop the reply", [silent(), silent()], "uncertain"],
    ["one is on another network, one drops the reply", [foreign(), silent()], "uncertain"],
    ["one is on another network, one takes it", [foreign(), accepting()], "accepted"],
  ] as const)("%s: %s", async (_, nodes, type) => {
    expect((await together(nodes).broadcast(BYTES)).type).toBe(type);
  });

  test("each answer is kept for the log", async () => {
    const nodes = together([refusing(), silent(), accepting()]);
    await nodes.broadcast(BYTES);
    expect(nodes.events).toMatchObject([
      { event: "node refused a transaction", node: "one", reason: "min relay fee not met" },
      { event: "node may not have got a transaction", node: "two" },
    ]);
    const both = await together([refusing(), silent()]).broadcast(BYTES);
    expect(both).toMatchObject({ reason: "one: min relay fee not met; two: NODE_TIMEOUT: slow" });
  });

  test("all on another network: nothing was sent, which is an error and no outcome", async () => {
    await expect(together([foreign(), foreign()]).broadcast(BYTES)).rejects.toMatchObject({
      code: "NODE_WRONG_NETWORK",
    });
  });

  test("one that accepts and forgets: its word is enough to go on, and both must deny before it counts as lost", async () => {
    const forgetful = accepting();
    const nodes = together([forgetful, refusing()]);
    expect(await nodes.broadcast(BYTES)).toEqual({ type: "accepted" });
    expect(await nodes.status("ab".repeat(32))).toEqual({ state: "unknown" });
    const keeping = fakeNode(blocks(3), { changes: { mempool: new Set(["ab".repeat(32)]) } });
    expect(await together([forgetful, keeping]).status("ab".repeat(32))).toEqual({ state: "pending" });
  });
});
