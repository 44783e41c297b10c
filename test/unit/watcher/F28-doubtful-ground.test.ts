/** F28: a node that lies while payments are followed, and not when it is asked how it does, is told of all the same. */
import { describe, expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { saveSeenBlock } from "../../../src/store/coins.ts";
import { saveCursor } from "../../../src/store/deposits.ts";
import { write } from "../../../src/store/transaction.ts";
import { readUpTo } from "../../../watcher/alerts/facts.ts";
import { watched } from "../../../watcher/ground.ts";
import {
  beginChain,
  doubts,
  noteGround,
  noteReading,
  noteSurvey,
  type ChainRound,
} from "../../../watcher/metrics/chain-round.ts";
import { genesisPolicy, REGTEST } from "../../factory/documents.ts";
import { fixtureDigest } from "../../factory/identities.ts";
import { blocks, fakeNode, hashOf, together } from "../nodes/fake-nodes.ts";
import { CONTEXT, NOW, scratch } from "../store/scratch.ts";

const after = (count: number) => addSeconds(NOW, count);
const nodes = [{ name: "a", standing: "ok" as const, tip: undefined, reason: "" }];
const tipAt = (height: number) => ({ height, hash: "aa", time: NOW });
const agreeing = (): ChainRound => {
  const rounds = beginChain();
  noteSurvey(rounds, { nodes, agreed: tipAt(100) });
  return rounds;
};

describe("F28: what a pass stood on", () => {
  const honest = () => fakeNode(blocks(12));

  test("is the lowest that was agreed on, though all agree before and after it", async () => {
    let lies = false;
    const odd = fakeNode(blocks(12), {
      changes: {
        blockHash: async (height) =>
          height > 11 ? undefined : hashOf(lies && height > 5 ? "b" : "a", height),
      },
    });
    const { node, ground } = watched(together([honest(), honest(), odd]));
    await node.tip();
    lies = true;
    expect(await node.blockHash(9)).toBeUndefined();
    lies = false;
    await node.tip();
    expect(await node.agreed()).toMatchObject({ height: 11 });
    expect(ground()).toMatchObject({ lowest: { height: 5 }, withheld: undefined });
  });

  test("is nothing where once nothing was agreed on, and the tip where all tell the truth", async () => {
    const other = fakeNode(blocks(12), { fork: { at: 0, branch: "b" } });
    const divided = watched(together([honest(), other]));
    await divided.node.tip();
    expect(divided.ground().lowest).toBeUndefined();
    const { node, ground, withhold } = watched(together([honest(), honest()]));
    await node.tip();
    await node.block(7);
    expect(ground()).toEqual({ lowest: await node.agreed(), withheld: undefined });
    withhold(8);
    expect(ground()).toMatchObject({ withheld: 8 });
  });
});

describe("F28: the newest block that counts is the pass's, whatever the nodes say after it", () => {
  test("a truth that is told afterwards makes no old block young", () => {
    const rounds = agreeing();
    noteSurvey(rounds, { nodes, agreed: tipAt(101) }, { lowest: tipAt(60) });
    expect(rounds.tip?.height).toBe(60);
    noteSurvey(rounds, { nodes, agreed: tipAt(102) }, { lowest: undefined });
    expect(rounds.tip?.height).toBe(60);
    noteSurvey(rounds, { nodes, agreed: tipAt(103) }, { lowest: tipAt(102) });
    expect(rounds.tip?.height).toBe(102);
  });
});

describe("F28: doubt that lasts is told", () => {
  test.each([
    ["a block below the tip is withheld", { lowest: tipAt(100), withheld: 97 }, /not on block 97/],
    ["nothing is agreed on within passes", { lowest: undefined, withheld: undefined }, /agree on no block/],
  ] as const)("%s: after five minutes, until a pass is in no doubt", (_, ground, said) => {
    const rounds = agreeing();
    noteGround(rounds, ground, NOW);
    noteGround(rounds, ground, after(299));
    expect(doubts(rounds, after(299))).toEqual([]);
    expect(doubts(rounds, after(300)).join()).toMatch(said);
    noteGround(rounds, { lowest: tipAt(100), withheld: undefined }, after(315));
    expect(doubts(rounds, after(9999))).toEqual([]);
  });

  test("blocks that are not read, of coins or of deposits, while the nodes have later ones", () => {
    for (const read of [
      [96, 100],
      [100, 96],
    ]) {
      const rounds = agreeing();
      noteReading(rounds, read, NOW);
      noteReading(rounds, read, after(299));
      expect(doubts(rounds, after(300)).join()).toContain("no block above 96 is read");
    }
  });

  test("a reading that comes on, that is at the tip, or that has not begun is none", () => {
    const slow = agreeing();
    for (let height = 0; height < 50; height++) noteReading(slow, [height], after(100 * height));
    expect(doubts(slow, after(4900))).toEqual([]);
    for (const read of [[97, 100], [100], [100, 120], []]) {
      const rounds = agreeing();
      noteReading(rounds, read, NOW);
      expect(doubts(rounds, after(9999))).toEqual([]);
    }
  });

  test("how far was read: deposits with the confirmations that they wait for", () => {
    const { store } = scratch();
    const policy = genesisPolicy();
    const online = { store, network: "regtest" } as unknown as Parameters<typeof readUpTo>[0];
    const depth = policy.body.chains.find(({ chain }) => chain === REGTEST)?.confirmations ?? 0;
    expect(readUpTo(online, policy, REGTEST)).toEqual([]);
    write(store, CONTEXT, (tx) => {
      saveSeenBlock(tx, REGTEST, { height: 100, hash: fixtureDigest("100") });
      saveCursor(tx, { chain: REGTEST, height: 90, hash: fixtureDigest("90") });
    });
    expect(readUpTo(online, policy, REGTEST)).toEqual([100, 90 + depth - 1]);
  });
});
