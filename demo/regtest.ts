/**
 * A bitcoind on regtest for the demo and the tests: free ports, a temporary folder, nothing left behind however the
 * process ends. Talks to loopback alone.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { isError } from "../src/core/errors.ts";
import { chainAnswer } from "../src/nodes/bitcoind/answers.ts";
import { NODE_UNREACHABLE } from "../src/nodes/failure.ts";
import { openRpc, refusalCode, type Rpc } from "../src/nodes/bitcoind/rpc.ts";
import { startGuarded, type Guard } from "./guard.ts";
import { findNodeBinary, NODE_NOT_STARTED } from "./node-binary.ts";

export type RegtestOptions = {
  /** Accept connections from other nodes: needed on one of two that are joined. */
  readonly listen?: boolean;
  /** More flags of bitcoind, after ours. */
  readonly flags?: readonly string[];
  /** The project's folder, whose cache may hold a bitcoind. */
  readonly root?: string;
  /** `signet` and `testnet4` only to be refused by what expects regtest. */
  readonly chain?: "regtest" | "signet" | "testnet4";
};

export type Regtest = {
  readonly url: string;
  readonly cookiePath: string;
  readonly rpcPort: number;
  /** Port for other nodes; nobody listens there without `listen`. */
  readonly p2pPort: number;
  readonly folder: string;
  /** Process id of the running node. */
  readonly pid: () => number;
  readonly rpc: Rpc;
  /** Mines blocks on top of the best one, to `address` or to the node's own wallet; returns their hashes. */
  mine(count: number, address?: string): Promise<string[]>;
  /** Pays `bitcoin` ("0.25") to `address` from mined coins and mines a block; returns the txid. */
  fund(address: string, bitcoin: string): Promise<string>;
  /** Stops the node and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the node without warning (SIGKILL); its folder stays until `stop`. */
  kill9(): Promise<void>;
  /** Starts it again on its folder and ports. */
  restart(): Promise<void>;
};

const READY_MS_MAX = 30_000;
const START_ATTEMPTS = 5;
const hashes = z.array(z.string());
const anything = z.unknown();
const walletTransaction = z.object({ confirmations: z.number(), hex: z.string() });
const CONFIRM_ATTEMPTS = 5;
const CONFIRM_PAUSE_MS = 100;

/** Starts a node and waits until it answers. @throws NODE_NOT_FOUND, NODE_NOT_STARTED */
export async function startBitcoind(options: RegtestOptions = {}): Promise<Regtest> {
  const binary = findNodeBinary(options.root ?? join(import.meta.dirname, ".."), process.env);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(binary, await freePort(), await freePort(), options);
    } catch (error) {
      // Another process may have taken a port between our asking and the node's binding.
      if (attempt >= START_ATTEMPTS || !isError(error, NODE_NOT_STARTED)) throw error;
    }
  }
}

async function startOn(
  binary: string,
  rpcPort: number,
  p2pPort: number,
  options: RegtestOptions,
): Promise<Regtest> {
  const folder = await mkdtemp(join(tmpdir(), "custody-regtest-"));
  const chain = options.chain ?? "regtest";
  const args = [...nodeFlags(folder, rpcPort, p2pPort, options), ...(options.flags ?? [])];
  const url = `http://127.0.0.1:${rpcPort}`;
  const cookiePath = join(folder, chain, ".cookie");
  const rpc = openRpc({
    url,
    cookiePath,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    timeoutMs: 60_000,
  });
  let guard: Guard | undefined;
  const start = async () => {
    guard = await startGuarded(folder, binary, args);
    await waitUntilReady(guard, rpc);
  };
  const stop = async () => {
    rpc.close();
    await guard?.leave("remove");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const miner = minerOf(rpc);
  return {
    url,
    cookiePath,
    rpcPort,
    p2pPort,
    folder,
    pid: () => (guard as Guard).pid,
    rpc,
    ...miner,
    stop,
    kill9: async () => guard?.kill(),
    restart: async () => {
      await guard?.leave("keep");
      await start();
    },
  };
}

function nodeFlags(
  folder: string,
  rpcPort: number,
  p2pPort: number,
  { listen, chain }: RegtestOptions,
): string[] {
  const network = listen === true ? ["-listen=1", `-bind=127.0.0.1:${p2pPort}`] : ["-listen=0"];
  return [
    `-chain=${chain ?? "regtest"}`,
    `-datadir=${folder}`,
    "-conf=/dev/null",
    "-server=1",
    "-daemon=0",
    "-printtoconsole=0",
    ...network,
    "-listenonion=0",
    "-connect=0",
    "-dnsseed=0",
    "-fixedseeds=0",
    "-natpmp=0",
    "-rpcbind=127.0.0.1",
    "-rpcallowip=127.0.0.1",
    `-rpcport=${rpcPort}`,
    "-txindex=1",
    "-blockfilterindex=1",
    "-coinstatsindex=1",
    "-fallbackfee=0.0001",
    // Knots' own default is a kind whose ids change when signed.
    "-addresstype=bech32",
    "-rest=1",
    "-dbcache=16",
    "-maxmempool=50",
  ];
}

async function waitUntilReady(guard: Guard, rpc: Rpc): Promise<void> {
  let lastWords: string | undefined;
  void guard.ended.then((words) => {
    lastWords = words;
  });
  const deadline = performance.now() + READY_MS_MAX;
  while (performance.now() < deadline) {
    if (lastWords !== undefined) throw NODE_NOT_STARTED(`bitcoind ended at once: ${lastWords}`);
    try {
      // A write is sent once, so that this loop alone sets the pace.
      await rpc.write("getblockchaininfo", [], chainAnswer, { timeoutMs: 2000 });
      return;
    } catch (error) {
      if (!isError(error, NODE_UNREACHABLE)) throw error;
      await pause(40);
    }
  }
  throw NODE_NOT_STARTED(`bitcoind does not answer after ${READY_MS_MAX} ms`);
}

const RPC_WALLET_NOT_FOUND = -18;
const RPC_WALLET_INSUFFICIENT_FUNDS = -6;

/** Mining and paying from a wallet inside the node, made at first use. Its keys guard regtest coins only. */
function minerOf(rpc: Rpc): Pick<Regtest, "mine" | "fund"> {
  const inWallet = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if (refusalCode(error) !== RPC_WALLET_NOT_FOUND) throw error;
      await openWallet(rpc);
      return call();
    }
  };
  const mine = async (count: number, address?: string): Promise<string[]> => {
    const to = address ?? (await inWallet(() => rpc.write("getnewaddress", [], z.string())));
    return rpc.write("generatetoaddress", [count, to], hashes);
  };
  const pay = (address: string, bitcoin: string) =>
    inWallet(() => rpc.write("sendtoaddress", [address, bitcoin], z.string()));
  const fund = async (address: string, bitcoin: string): Promise<string> => {
    const txid = await pay(address, bitcoin).catch(async (error: unknown) => {
      if (refusalCode(error) !== RPC_WALLET_INSUFFICIENT_FUNDS) throw error;
      await mine(101);
      return pay(address, bitcoin);
    });
    await confirm(txid);
    return txid;
  };
  // Knots keeps what has lock time 21 out of its pool, and a wallet draws it now and then against fee sniping.
  const mineItself = async (hex: string) =>
    rpc.write(
      "generateblock",
      [await inWallet(() => rpc.write("getnewaddress", [], z.string())), [hex]],
      anything,
    );
  // A payment that a block left out, or that its wallet had not sent yet, is sent and mined again: nobody who was
  // funded should find nothing.
  const confirm = async (txid: string): Promise<void> => {
    let reason = "";
    for (let attempt = 1; attempt <= CONFIRM_ATTEMPTS; attempt += 1) {
      await mine(1);
      const { confirmations, hex } = await inWallet(() =>
        rpc.read("gettransaction", [txid], walletTransaction),
      );
      if (confirmations > 0) return;
      await rpc.write("sendrawtransaction", [hex], anything).catch(async (error: unknown) => {
        reason = error instanceof Error ? error.message : String(error);
        await mineItself(hex).catch(() => undefined);
      });
      await pause(CONFIRM_PAUSE_MS * attempt);
    }
    throw NODE_NOT_STARTED(`the local bitcoind did not mine payment ${txid}: ${reason}`, {
      hint: "run the command again",
    });
  };
  return { mine, fund };
}

async function openWallet(rpc: Rpc): Promise<void> {
  const known = await rpc.read(
    "listwalletdir",
    [],
    z.object({ wallets: z.array(z.object({ name: z.string() })) }),
  );
  const method = known.wallets.some(({ name }) => name === "miner") ? "loadwallet" : "createwallet";
  await rpc.write(method, ["miner"], anything);
}

/** Connects `a` to `b`, which must listen, and waits until they talk. */
export async function joinNodes(a: Regtest, b: Regtest): Promise<void> {
  await a.rpc.write("addnode", [`127.0.0.1:${b.p2pPort}`, "onetry"], anything);
  await until(
    "two nodes to connect",
    async () => (await peersOf(a)).length > 0 && (await peersOf(b)).length > 0,
  );
}

/** Ends all connections between the two and waits until both know. */
export async function splitNodes(a: Regtest, b: Regtest): Promise<void> {
  for (const { id } of await peersOf(a)) await a.rpc.write("disconnectnode", ["", id], anything);
  await until(
    "two nodes to part",
    async () => (await peersOf(a)).length === 0 && (await peersOf(b)).length === 0,
  );
}

/** Waits until all nodes have the same best block. */
export async function waitUntilSynced(...nodes: readonly Regtest[]): Promise<void> {
  await until("nodes to agree on the best block", async () => {
    const tips = await Promise.all(nodes.map(({ rpc }) => rpc.read("getbestblockhash", [], z.string())));
    return new Set(tips).size === 1;
  });
}

/** Peers whose handshake is complete. */
async function peersOf({ rpc }: Regtest) {
  const peers = await rpc.read("getpeerinfo", [], z.array(z.object({ id: z.number(), version: z.number() })));
  return peers.filter(({ version }) => version > 0);
}

async function until(what: string, isSo: () => Promise<boolean>, msMax = 30_000): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw NODE_NOT_STARTED(`waited ${msMax} ms for ${what}`);
    await pause(50);
  }
}

/** A port of loopback that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
