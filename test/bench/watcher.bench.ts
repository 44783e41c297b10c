/**
 * Row `watcher`: one new block of 4,000 transactions while 10,000 attempts are followed and 100,000 addresses were given
 * out; 20 of the transactions are attempts, 50 pay customers. From the block's raw bytes and a mempool of 10,000 ids to
 * stored rows; what changed, following and deposits are the shipped code over SQLite. The peer asks for each attempt.
 */
import { parseBlock } from "../../src/chains/bitcoin/block.ts";
import type { ChainNode } from "../../src/chains/chain-node.ts";
import type { Digest } from "../../src/core/digest.ts";
import { assert } from "../../src/core/errors.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { instantOf, seconds } from "../../src/core/instant.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { changesSince } from "../../watcher/changes.ts";
import { creditDeposits } from "../../watcher/deposits.ts";
import { trackAll } from "../../watcher/track.ts";
import type { World } from "../../watcher/world.ts";
import { blockOf, type MadeBlock } from "../factory/blocks.ts";
import { fakeIo } from "../factory/io.ts";
import { benchFolder } from "./folder.ts";
import { median, type Row } from "./row.ts";
import {
  ATTEMPTS,
  DEPOSITS_IN_BLOCK,
  digest,
  furnish,
  nodeWith,
  OURS_IN_BLOCK,
  transactionsOf,
} from "./watched.ts";

const ROUNDS = 5;
const LATER = instantOf(1_763_800_060);

export async function watcher(): Promise<Row> {
  const folder = benchFolder("watcher");
  try {
    const store = openStore(`${folder.path}/custody-regtest.db`, { network: "regtest", create: true });
    try {
      furnish(store);
      return await measure(store);
    } finally {
      closeStore(store);
    }
  } finally {
    folder.remove();
  }
}

async function measure(store: Store): Promise<Row> {
  const passes: number[] = [];
  const floors: number[] = [];
  const calls: number[] = [];
  let height = 100;
  let parent = digest("block 100");
  for (let round = 0; round < ROUNDS; round++) {
    const block = blockOf(transactionsOf(round), parent);
    floors.push(await took(() => floor(block, height + 1)));
    const node = nodeWith(block, { height: height + 1, parent }, round);
    passes.push(await took(() => onePass(store, node, { height, hash: parent })));
    calls.push(node.calls());
    const followed = store.database
      .prepare("SELECT count(*) AS n FROM attempt WHERE state = 'CONFIRMING'")
      .get();
    assert((followed as { n: number }).n === OURS_IN_BLOCK * (round + 1), "each of ours was followed");
    const credited = store.database.prepare("SELECT count(*) AS n FROM deposit").get();
    assert((credited as { n: number }).n === DEPOSITS_IN_BLOCK * (round + 1), "each deposit was credited");
    height += 1;
    parent = block.hash;
  }
  const ours = median(passes);
  const asked = calls.at(-1) ?? 0;
  return {
    name: "watcher",
    unit: "ms",
    ours,
    floor: median(floors),
    peers: {},
    ratio: ours / median(floors),
    goal: "under 1 s a block; calls grow with what changed",
    notes: [
      `calls to the node: ${calls.join(", ")} in rounds with 20, 40, … attempts in a block; one for each attempt would be ${ATTEMPTS}: ${Math.round(ATTEMPTS / asked)} times as many`,
      "processor time; floor: the block's bytes read and proven, nothing compared or stored",
    ],
  };
}

/** Milliseconds of this process's own work: other programs on the machine count for neither side. */
async function took(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function floor(block: MadeBlock, height: number): void {
  parseBlock(fromHex(toHex(block.bytes)), { hash: block.hash, height }, "regtest");
}

async function onePass(
  store: Store,
  node: ChainNode<unknown>,
  cursor: { readonly height: number; readonly hash: Digest },
): Promise<void> {
  const at = seconds(LATER);
  const changes = await changesSince(node, { ...cursor, atSeconds: at, fullAtSeconds: at }, at);
  assert(!changes.all && changes.blocks === 1, "one block is new");
  const world = {
    online: {
      call: { io: fakeIo({ argv: ["run"], now: LATER }).io, flags: {}, dryRun: false },
      store,
      network: "regtest",
    },
    node,
    rules: { confirmations: 1_000 },
    policy: { body: { rows: [] } },
    changes,
    log: ({ level, event, reason }: { level?: string; event: string; reason?: string }) =>
      assert(level !== "error", `nothing goes wrong: ${event} ${reason ?? ""}`),
  } as unknown as World;
  await trackAll(world);
  await creditDeposits({ ...world, rules: { ...world.rules, confirmations: 1 } }, undefined);
}
