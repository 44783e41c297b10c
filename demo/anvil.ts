/**
 * An anvil for the demo and the tests: an EVM node of our own, on a free port of loopback, in a temporary folder, with
 * nothing left behind however the process ends.
 */
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { declareError, isError } from "../src/core/errors.ts";
import { NODE_UNREACHABLE } from "../src/nodes/failure.ts";
import { type Rpc } from "../src/nodes/bitcoind/rpc.ts";
import { openJsonRpc } from "../src/nodes/json-rpc.ts";
import { startGuarded, type Guard } from "./guard.ts";
import { NODE_NOT_STARTED } from "./node-binary.ts";

export const EVM_NODE_NOT_FOUND = declareError(
  "EVM_NODE_NOT_FOUND",
  "notFound",
  "There is no anvil to start for the demo or a test.",
);
export const EVM_NODE_NOT_STARTED = declareError(
  "EVM_NODE_NOT_STARTED",
  "local",
  "A local anvil did not start.",
);

export type AnvilOptions = {
  /** EIP-155 chain id; absent: 31337. */
  readonly chainId?: number;
  /** More flags of anvil, after ours. */
  readonly flags?: readonly string[];
  /** The project's folder, whose packages may hold an anvil. */
  readonly root?: string;
  /** Mine a block for each transaction, as it arrives. Absent: `mine` alone makes blocks. */
  readonly automine?: boolean;
};

export type Anvil = {
  readonly url: string;
  readonly port: number;
  readonly chainId: number;
  readonly folder: string;
  /** Process id of the running node. */
  readonly pid: () => number;
  /** The client that the program uses; for a test's own questions. */
  readonly client: Rpc;
  /** Any method, its result as it comes. */
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Makes blocks, with what waits in the pool in the first of them. */
  mine(count?: number): Promise<void>;
  /** Sets an account's balance. */
  fund(address: string, wei: bigint): Promise<void>;
  /**
   * Puts `depth` new blocks in the place of the newest ones. What the old ones held is in no block and in no pool
   * afterwards, but for `kept`: raw transactions, each with its place among the new blocks.
   */
  reorg(depth: number, kept?: readonly (readonly [raw: string, place: number])[]): Promise<void>;
  /** Stops the node and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the node without warning (SIGKILL); what it has not written of its state since a second is lost. */
  kill9(): Promise<void>;
  /** Starts it again on its port, with the state that it wrote last. */
  restart(): Promise<void>;
};

const CHAIN_ID = 31_337;
const READY_MS_MAX = 30_000;
const START_ATTEMPTS = 5;
const STATE_SECONDS = 1;
const PACKAGE = "@foundry-rs/anvil-linux-amd64";
const anything = z.unknown();

/** Starts a node and waits until it answers. @throws EVM_NODE_NOT_FOUND, EVM_NODE_NOT_STARTED */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const binary = findAnvil(options.root ?? join(import.meta.dirname, ".."), process.env);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(binary, await freePort(), options);
    } catch (error) {
      // Another process may have taken the port between our asking and the node's binding.
      if (attempt >= START_ATTEMPTS || !isError(error, EVM_NODE_NOT_STARTED)) throw error;
    }
  }
}

/**
 * The anvil that is started: CUSTODY_ANVIL, then the project's package, then PATH. `root` is the project's folder.
 * @throws EVM_NODE_NOT_FOUND
 */
export function findAnvil(root: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = env["CUSTODY_ANVIL"];
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return resolve(named);
    throw notFound("CUSTODY_ANVIL names no file");
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [...packaged(root), ...folders.map((folder) => join(folder, "anvil"))];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw notFound("no anvil among the project's packages or on PATH");
  return found;
}

function packaged(root: string): readonly string[] {
  try {
    const place = createRequire(join(resolve(root), "package.json")).resolve(`${PACKAGE}/package.json`);
    return [join(dirname(place), "bin", "anvil")];
  } catch {
    // Another system than the package is for, or an installation without optional packages.
    return [];
  }
}

function notFound(what: string) {
  return EVM_NODE_NOT_FOUND(what, { field: "CUSTODY_ANVIL", hint: "npm run setup" });
}

async function startOn(binary: string, port: number, options: AnvilOptions): Promise<Anvil> {
  const folder = await mkdtemp(join(tmpdir(), "custody-anvil-"));
  const chainId = options.chainId ?? CHAIN_ID;
  const url = `http://127.0.0.1:${port}`;
  const client = openJsonRpc({ url, random: () => randomInt(2 ** 32) / 2 ** 32, timeoutMs: 60_000 });
  let guard: Guard | undefined;
  const start = async () => {
    guard = await guarded(folder, binary, [...nodeFlags(folder, port, options), ...(options.flags ?? [])]);
    await waitUntilReady(guard, client, chainId);
  };
  const stop = async () => {
    client.close();
    await guard?.leave("remove");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    port,
    chainId,
    folder,
    pid: () => (guard as Guard).pid,
    client,
    ...handlesOf(client),
    stop,
    kill9: async () => guard?.kill(),
    restart: async () => {
      await guard?.leave("keep");
      await start();
    },
  };
}

function handlesOf(client: Rpc): Pick<Anvil, "rpc" | "mine" | "fund" | "reorg"> {
  const rpc = (method: string, params: readonly unknown[] = []) => client.write(method, params, anything);
  return {
    rpc,
    mine: async (count = 1) => {
      await rpc("anvil_mine", [quantity(count)]);
    },
    fund: async (address, wei) => {
      await rpc("anvil_setBalance", [address, quantity(wei)]);
    },
    reorg: async (depth, kept = []) => {
      await rpc("anvil_reorg", [depth, kept]);
    },
  };
}

const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;

function nodeFlags(folder: string, port: number, { chainId, automine }: AnvilOptions): string[] {
  return [
    "--quiet",
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--chain-id",
    String(chainId ?? CHAIN_ID),
    "--hardfork",
    "prague",
    // The finalized block is two behind the newest one, the safe block one.
    "--slots-in-an-epoch",
    "1",
    "--state",
    join(folder, "state.json"),
    "--state-interval",
    String(STATE_SECONDS),
    // Otherwise a node that has started again knows the state of its newest block alone.
    "--preserve-historical-states",
    ...(automine === true ? [] : ["--no-mining"]),
  ];
}

async function guarded(folder: string, binary: string, args: readonly string[]): Promise<Guard> {
  try {
    return await startGuarded(folder, binary, args);
  } catch (error) {
    if (!isError(error, NODE_NOT_STARTED)) throw error;
    throw EVM_NODE_NOT_STARTED(error.message, { cause: error });
  }
}

async function waitUntilReady(guard: Guard, client: Rpc, chainId: number): Promise<void> {
  let lastWords: string | undefined;
  void guard.ended.then((words) => {
    lastWords = words;
  });
  const deadline = performance.now() + READY_MS_MAX;
  while (performance.now() < deadline) {
    if (lastWords !== undefined) throw EVM_NODE_NOT_STARTED(`anvil ended at once: ${lastWords}`);
    try {
      // A write is sent once, so that this loop alone sets the pace.
      const said = await client.write("eth_chainId", [], z.string(), { timeoutMs: 2000 });
      if (said === quantity(chainId)) return;
      throw EVM_NODE_NOT_STARTED(`another node answers on its port, of chain ${said}`);
    } catch (error) {
      if (!isError(error, NODE_UNREACHABLE)) throw error;
      await pause(40);
    }
  }
  throw EVM_NODE_NOT_STARTED(`anvil does not answer after ${READY_MS_MAX} ms`);
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
