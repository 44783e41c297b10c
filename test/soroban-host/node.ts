/**
 * Starts the test node that speaks Soroban RPC: its own process on a free port of loopback, in a temporary folder, with
 * nothing left behind however this process ends.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startGuarded, type Guard } from "../../demo/guard.ts";
import { builtSorobanHost } from "./build.ts";

export const TEST_PASSPHRASE = "Custody Test Network ; October 2026";

export type SorobanOptions = {
  readonly passphrase?: string;
  /** Close a ledger each so many milliseconds. Absent: `close` alone makes ledgers. */
  readonly closeEveryMs?: number;
};

/** What goes wrong on purpose; counts go down as they are used. */
export type SorobanFaults = {
  /** Ledgers behind the newest. */
  readonly lag?: number;
  /** Ledgers whose transactions and events are kept. */
  readonly retention?: number;
  /** Ledgers close empty. */
  readonly hold?: boolean;
  /** Times that a taken transaction is forgotten. */
  readonly lose?: number;
  readonly tryAgainLater?: number;
  /** Times that sendTransaction is carried out and its answer lost. */
  readonly loseAnswer?: number;
  /** Requests that are never answered. */
  readonly silent?: number;
};

export type SorobanNode = {
  readonly url: string;
  readonly port: number;
  readonly passphrase: string;
  readonly folder: string;
  readonly pid: () => number;
  /** @throws SorobanRpcError when the node answers with an error */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers by name, and fail when it is not there
  rpc(method: string, params?: unknown): Promise<any>;
  /** A question to the part of Horizon: status and body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  horizon(path: string): Promise<{ status: number; body: any }>;
  /** Closes ledgers, `step` seconds apart, or by the clock of this machine. */
  close(count?: number, step?: number): Promise<void>;
  /** Lumens from the genesis account, outside of every transaction. */
  fund(account: string, stroops: bigint): Promise<void>;
  fault(faults: SorobanFaults): Promise<void>;
  /** Ends the node without warning (SIGKILL): what waits for a ledger is lost, closed ledgers are not. */
  kill(): Promise<void>;
  /** Starts it again on its port, from the ledgers that had closed. */
  restart(): Promise<void>;
  /** Stops the node and removes its folder. Safe to call twice. */
  stop(): Promise<void>;
};

/** JSON-RPC's error object. */
export class SorobanRpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const READY_MS_MAX = 20_000;
const CALL_MS_MAX = 30_000;
const START_ATTEMPTS = 5;

/** Builds the node when it must, starts it, and waits until it answers. */
export async function startSorobanNode(options: SorobanOptions = {}): Promise<SorobanNode> {
  const binary = await builtSorobanHost();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(binary, await freePort(), options);
    } catch (error) {
      // Another process may have taken the port between our asking and the node's binding.
      if (attempt >= START_ATTEMPTS) throw error;
    }
  }
}

async function startOn(binary: string, port: number, options: SorobanOptions): Promise<SorobanNode> {
  const folder = await mkdtemp(join(tmpdir(), "custody-soroban-"));
  const passphrase = options.passphrase ?? TEST_PASSPHRASE;
  const url = `http://127.0.0.1:${port}`;
  const rpc = (method: string, params: unknown = {}) => call(url, method, params);
  const every = options.closeEveryMs === undefined ? [] : ["--close-every", String(options.closeEveryMs)];
  const flags = ["--port", String(port), "--network-passphrase", passphrase, ...every];
  let guard: Guard | undefined;
  const start = async () => {
    guard = await startGuarded(folder, binary, [...flags, "--snapshot", join(folder, "snapshot.json")]);
    await waitUntilReady(guard, rpc, passphrase);
  };
  const stop = async () => {
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
    passphrase,
    folder,
    pid: () => (guard as Guard).pid,
    rpc,
    ...handlesOf(url, rpc),
    stop,
    kill: async () => guard?.kill(),
    restart: async () => {
      await guard?.leave("keep");
      await start();
    },
  };
}

function handlesOf(url: string, rpc: SorobanNode["rpc"]) {
  return {
    horizon: async (path: string) => {
      const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(CALL_MS_MAX) });
      return { status: response.status, body: await response.json() };
    },
    close: async (count = 1, step?: number) => {
      await rpc("test_close", { count, ...(step !== undefined && { step }) });
    },
    fund: async (account: string, stroops: bigint) => {
      await rpc("test_fund", { account, amount: String(stroops) });
    },
    fault: async (faults: SorobanFaults) => {
      await rpc("test_fault", faults);
    },
  };
}

async function call(url: string, method: string, params: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(CALL_MS_MAX),
  });
  const { result, error } = (await response.json()) as {
    result?: unknown;
    error?: { code: number; message: string };
  };
  if (error !== undefined) throw new SorobanRpcError(error.code, error.message);
  return result;
}

async function waitUntilReady(guard: Guard, rpc: SorobanNode["rpc"], passphrase: string): Promise<void> {
  let lastWords: string | undefined;
  void guard.ended.then((words) => {
    lastWords = words;
  });
  const deadline = performance.now() + READY_MS_MAX;
  while (performance.now() < deadline) {
    if (lastWords !== undefined) throw new Error(`the Soroban node ended at once: ${lastWords}`);
    const said = await rpc("getNetwork").catch(() => undefined);
    if (said !== undefined) {
      if (said.passphrase === passphrase) return;
      throw new Error("another node answers on its port");
    }
    await pause(20);
  }
  throw new Error(`the Soroban node does not answer after ${READY_MS_MAX} ms`);
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
