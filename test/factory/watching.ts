/** The watcher over a desk's database, with a chain that a test writes. */
import type { TransactionStatus } from "../../src/chains/chain-node.ts";
import { broadcastAll } from "../../watcher/broadcast.ts";
import type { WatcherEvent } from "../../watcher/log.ts";
import { trackAll } from "../../watcher/track.ts";
import type { World } from "../../watcher/world.ts";
import { endHaltFlag, haltFlags } from "../../src/store/halt-flags.ts";
import { step, type Desk } from "../attack/online.ts";
import { at } from "./identities.ts";
import { fakeIo } from "./io.ts";

/**
 * A watcher over a node whose mempool is a set, and that knows blocks by transaction. Unless `stays` is set, two persons end
 * each halt that it raises, once it has run: what it stops is then stopped by nothing but the rest of the rules.
 */
export function world(desk: Desk, { stays = false } = {}) {
  const mempool: string[] = [];
  const sent: string[] = [];
  const blocks = new Map<string, { blockHash: string; height: number; confirmations: number }>();
  const attempts = () =>
    desk.store.database
      .prepare<[], { txid: string; bytes: Uint8Array }>("SELECT txid, bytes FROM attempt")
      .all();
  const txidOf = (bytes: Uint8Array) =>
    attempts().find((row) => Buffer.from(row.bytes).equals(Buffer.from(bytes)))?.txid ?? "";
  const node = {
    chain: desk.custody.wallet.chain,
    tip: async () => ({ height: 300, hash: "a".repeat(64), time: at("09:00:00") }),
    blockHash: async (height: number) =>
      [...blocks.values()].find((block) => block.height === height)?.blockHash ?? "c".repeat(64),
    status: async (txid: string): Promise<TransactionStatus> => {
      const block = blocks.get(txid);
      if (block !== undefined) return { state: "included", ...block };
      return { state: mempool.includes(txid) ? "pending" : "unknown" };
    },
    broadcast: async (bytes: Uint8Array) => {
      sent.push(txidOf(bytes));
      // One of a line stays in the mempool: whatever came last has replaced the others.
      mempool.splice(0, mempool.length, txidOf(bytes));
      return { type: "accepted" };
    },
  };
  const events: string[] = [];
  const cries: string[] = [];
  const halts: string[] = [];
  const { io } = fakeIo({ argv: ["once"], now: at("10:00:00") });
  const run = async () => {
    const made = {
      online: {
        call: { io, dryRun: false },
        store: desk.store,
        network: "regtest",
      },
      node,
      rules: { confirmations: 3 },
      policy: desk.custody.policy,
      log: ({ event, level }: WatcherEvent) => {
        events.push(event);
        if (level === "error") cries.push(event);
      },
    } as unknown as World;
    await broadcastAll(made);
    await trackAll(made);
    const raised = haltFlags(desk.store);
    halts.push(...raised.map(({ code }) => code));
    if (!stays && raised.length > 0)
      step(desk, (tx) => raised.forEach(({ id, version }) => endHaltFlag(tx, id, version)));
  };
  const mine = (txid: string, confirmations: number) => {
    mempool.splice(0);
    blocks.set(txid, { blockHash: "b".repeat(64), height: 250, confirmations });
  };
  return { run, mine, sent, events, cries, halts, blocks, mempool, node };
}
