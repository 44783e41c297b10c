/** A chain that a test writes block by block, and an online host that reads it. */
import type { BlockTransaction, ChainNode, TransactionStatus } from "../../src/chains/chain-node.ts";
import { addressOfScript } from "../../src/chains/bitcoin/address.ts";
import { parseTransaction, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import type { AccountId } from "../../src/core/account.ts";
import { taggedDigest } from "../../src/core/digest.ts";
import { utf8 } from "../../src/core/hex.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Online } from "../../src/home/online.ts";
import type { WatcherEvent } from "../../watcher/log.ts";
import type { World } from "../../watcher/world.ts";
import type { Desk } from "../attack/online.ts";
import { BTC, REGTEST } from "./documents.ts";
import { fixtureDigest, at } from "./identities.ts";
import { fakeIo } from "./io.ts";

type Output = { readonly account: AccountId; readonly units: bigint };

/** A transaction of somebody's: what it spends, and what it pays. */
export function transaction(
  name: string,
  spends: readonly string[],
  pays: readonly Output[] = [],
  id: string = fixtureDigest(name),
  bytes: Uint8Array = new Uint8Array(),
): BlockTransaction {
  return {
    id,
    bytes,
    spends,
    pays: pays.map(({ account, units }, vout) => ({
      coin: coinOf(id, vout),
      account,
      amount: { asset: BTC, units },
      blockHash: "",
      height: 0,
    })),
  };
}

export const coinOf = (transaction: string, vout: number): string =>
  `${REGTEST}:outpoint:${transaction}:${vout}`;

type Block = { readonly hash: string; readonly transactions: readonly BlockTransaction[] };

/** A chain of blocks from height 0 on; `fork` makes another one from a height on. */
export function writtenChain() {
  const blocks: Block[] = [];
  let salt = 0;
  const mine = (...transactions: readonly BlockTransaction[]) => {
    salt += 1;
    const parent = blocks.at(-1)?.hash ?? "";
    blocks.push({ hash: taggedDigest("test-block", utf8(`${parent} ${salt}`)), transactions });
  };
  const status = async (id: string): Promise<TransactionStatus> => {
    const height = blocks.findIndex(({ transactions }) => transactions.some((one) => one.id === id));
    const block = blocks[height];
    if (block === undefined) return { state: "unknown" };
    return { state: "included", blockHash: block.hash, height, confirmations: blocks.length - height };
  };
  const sent: Uint8Array[] = [];
  const node = {
    chain: REGTEST,
    tip: async () => ({
      height: blocks.length - 1,
      hash: blocks.at(-1)?.hash ?? "",
      time: at("09:00:00"),
    }),
    blockHash: async (height: number) => blocks[height]?.hash,
    block: async (height: number) => {
      const block = blocks[height];
      if (block === undefined) return undefined;
      const at = { blockHash: block.hash, height };
      const transactions = block.transactions.map((one) => ({
        ...one,
        pays: one.pays.map((payment) => ({ ...payment, ...at })),
      }));
      return { height, hash: block.hash, parent: blocks[height - 1]?.hash, transactions };
    },
    pending: async () => new Set<string>(),
    status,
    broadcast: async (bytes: Uint8Array) => {
      sent.push(bytes);
      return { type: "accepted" };
    },
  } as unknown as ChainNode<unknown>;
  mine();
  /** Everything from `height` on is gone; as many blocks and one more stand in its place. */
  const fork = (height: number, ...transactions: readonly BlockTransaction[]) => {
    const count = blocks.length - height;
    blocks.splice(height);
    mine(...transactions);
    for (let more = 0; more < count; more++) mine();
  };
  return { node, mine, fork, sent, height: () => blocks.length - 1 };
}

let drawn = 0;

/** The online host of a desk's database, which lies in no home. */
export function onlineOf({ store }: Desk, now: Instant = at("10:00:00")): Online {
  const { io } = fakeIo({ argv: ["once"], now, env: { HOME: "/nowhere" } });
  const random = (length: number) => {
    drawn += 1;
    return new Uint8Array(Buffer.from(fixtureDigest(`random ${drawn}`), "hex")).slice(0, length);
  };
  return {
    call: {
      io: { ...io, random },
      dryRun: false,
      home: "/nowhere",
      flags: {},
      args: [],
      json: true,
      program: { name: "custody-watcher" },
    },
    store,
    network: "regtest",
  } as unknown as Online;
}

/** What a pass of the watcher works with, and what it has said. */
export function watcherOf(desk: Desk, node: ChainNode<unknown>, now?: Instant) {
  const events: WatcherEvent[] = [];
  const world = {
    online: onlineOf(desk, now),
    policy: desk.custody.policy,
    rules: { confirmations: 3 },
    node,
    log: (event: WatcherEvent) => events.push(event),
  } as unknown as World;
  return { world, events };
}

/** A signed transaction as a block shows it. */
export function mined(bytes: Uint8Array): BlockTransaction {
  const parsed = parseTransaction(bytes);
  const id = transactionId(parsed);
  const pays = parsed.outputs.map(({ script, units }) => ({
    account: `${REGTEST}:${addressOfScript(script, "regtest")?.address}` as AccountId,
    units,
  }));
  const spends = parsed.inputs.map(({ txid, vout }) => coinOf(txid, vout));
  return transaction(id, spends, pays, id, bytes);
}
