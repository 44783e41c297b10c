/** What a pass looks at: everything when in doubt, else what something new was seen of. */
import { describe, expect, test } from "vitest";
import { changesSince, isTouched, type Changes } from "../../../watcher/changes.ts";
import { instantOf } from "../../../src/core/instant.ts";
import { ATTEMPT_STATES } from "../../../src/core/states/attempt.ts";
import { blocks, fakeNode, hashOf } from "../nodes/fake-nodes.ts";

const OURS = "ab".repeat(32);
const NOW = 1_763_900_000;

/** A node whose first look was had at height 10. */
async function looked(ids: Readonly<Record<number, readonly string[]>> = {}) {
  const node = fakeNode(blocks(11, ids));
  const { cursor, all } = await changesSince(node, undefined, NOW);
  expect([all, cursor]).toEqual([
    true,
    { height: 10, hash: hashOf("a", 10), atSeconds: NOW, fullAtSeconds: NOW },
  ]);
  return { node, cursor };
}

describe("what has changed", () => {
  test("nothing: no block, and the same cursor again", async () => {
    const { node, cursor } = await looked();
    const changes = await changesSince(node, cursor, NOW + 15);
    expect(changes).toMatchObject({ all: false, blocks: 0, sinceSeconds: NOW });
    expect(changes.cursor).toEqual({ ...cursor, atSeconds: NOW + 15 });
  });

  test("new blocks, read once each, and what waits", async () => {
    const { node, cursor } = await looked();
    node.held.push(["x"], [OURS, "y"]);
    node.mempool = new Set(["z"]);
    const changes = await changesSince(node, cursor, NOW + 15);
    expect(changes).toMatchObject({ all: false, blocks: 2, cursor: { height: 12, hash: hashOf("a", 12) } });
    expect([...changes.included]).toEqual(["x", OURS, "y"]);
    expect([...changes.pending]).toEqual(["z"]);
  });

  test("nodes that cannot agree, or lag, tell of no block; the next look begins where this one did", async () => {
    const { node, cursor } = await looked();
    for (const changed of [
      fakeNode(blocks(13), { changes: { blockHash: async () => undefined } }),
      fakeNode(blocks(13), { changes: { block: async () => undefined } }),
      fakeNode(blocks(5)),
    ]) {
      const changes = await changesSince(changed, cursor, NOW + 15);
      expect(changes).toMatchObject({ all: false, blocks: 0, cursor: { height: 10, hash: hashOf("a", 10) } });
    }
    node.held.push([OURS]);
    expect((await changesSince(node, cursor, NOW + 30)).included).toEqual(new Set([OURS]));
  });
});

describe("F10: everything is looked at", () => {
  test("when the cursor's block has left the best chain", async () => {
    const { cursor } = await looked();
    const other = fakeNode(blocks(13), { fork: { at: 9, branch: "b" } });
    expect(await changesSince(other, cursor, NOW + 15)).toMatchObject({
      all: true,
      cursor: { height: 12, hash: hashOf("b", 12) },
    });
  });

  test("when a new block stands on another one, which took the cursor's place meanwhile", async () => {
    const { cursor } = await looked();
    const other = fakeNode(blocks(13), { fork: { at: 10, branch: "b" } });
    const { hash } = cursor;
    const raced = {
      ...other,
      blockHash: async (height: number) => (height === 10 ? hash : other.blockHash(height)),
    };
    expect(await changesSince(raced, cursor, NOW + 15)).toMatchObject({ all: true });
  });

  test("after a gap of more than fifty blocks, after an hour, and when the clock went back; just before that not", async () => {
    const { cursor } = await looked();
    const look = async (length: number, now: number) =>
      (await changesSince(fakeNode(blocks(length)), cursor, now)).all;
    expect([await look(61, NOW + 15), await look(62, NOW + 15)]).toEqual([false, true]);
    expect([await look(12, NOW + 3599), await look(12, NOW + 3600)]).toEqual([false, true]);
    expect([await look(12, NOW), await look(12, NOW - 1)]).toEqual([false, true]);
  });
});

describe("which attempts are asked for", () => {
  const nothing: Changes = {
    all: false,
    blocks: 0,
    sinceSeconds: NOW,
    included: new Set(),
    pending: new Set(),
    cursor: { height: 10, hash: "", atSeconds: NOW, fullAtSeconds: NOW },
  };
  const touched = (changes: Partial<Changes>, created = NOW - 1) =>
    ATTEMPT_STATES.filter((state) =>
      isTouched({ ...nothing, ...changes }, { txid: OURS, state, created: instantOf(created) }),
    );

  test("all of them where everything is looked at, in a new block, or never looked at", () => {
    expect(touched({ all: true })).toEqual(ATTEMPT_STATES);
    expect(touched({ included: new Set([OURS]) })).toEqual(ATTEMPT_STATES);
    expect(touched({}, NOW)).toEqual(ATTEMPT_STATES);
  });

  test("sent and no longer waiting anywhere: it may be in a block that nobody agrees on, or lost", () => {
    expect(touched({})).toEqual(["BROADCAST"]);
    expect(touched({ included: new Set(["another"]), pending: new Set(["another"]) })).toEqual(["BROADCAST"]);
  });

  test("of unknown outcome, and waiting: it was seen", () => {
    expect(touched({ pending: new Set([OURS]) })).toEqual(["BROADCASTING", "UNCERTAIN"]);
  });

  test("in a block, when there is another one above it", () => {
    expect(touched({ blocks: 1, pending: new Set([OURS]) })).toEqual([
      "BROADCASTING",
      "UNCERTAIN",
      "CONFIRMING",
    ]);
  });
});
