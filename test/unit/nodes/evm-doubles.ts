/** Endpoints over chains that a test writes, each behind an HTTP server of its own; by their names they are not honest. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAddress } from "../../../src/chains/evm/address.ts";
import type { ChainId } from "../../../src/core/chain.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { evmNode, type EvmNode } from "../../../src/nodes/evm/node.ts";
import { evmQuorum } from "../../../src/nodes/evm/quorum.ts";
import { openJsonRpc } from "../../../src/nodes/json-rpc.ts";
import type { NodeEvent } from "../../../src/nodes/send-to-all.ts";

export const PAYER = parseAddress(`0x${"11".repeat(20)}`);

/** A payer's transactions, by the block that holds them; `delegated`: a nonce went in somebody else's (EIP-7702). */
export type Mined = {
  readonly at: number;
  readonly nonce: number;
  readonly name?: string;
  readonly delegated?: true;
};

export type World = {
  /** Blocks of this branch have hashes of their own from `from` on. */
  readonly branch: string;
  readonly from: number;
  length: number;
  finalized: number;
  readonly mined: Mined[];
  readonly pool: string[];
};

export function world(length: number, mined: readonly Mined[] = [], changes: Partial<World> = {}): World {
  return { branch: "a", from: 0, length, finalized: length - 3, mined: [...mined], pool: [], ...changes };
}

export const idOf = (name: string) => Buffer.from(name).toString("hex").padEnd(64, "0") as Digest;

export function hashIn({ branch, from }: World, height: number): Digest {
  if (height < 0) return "0".repeat(64) as Digest;
  return `${height >= from ? branch : "a"}${height.toString(16).padStart(8, "0")}`.padEnd(64, "0") as Digest;
}

type Answers = Readonly<Record<string, (first: unknown, second: unknown) => unknown>>;
const hex = (value: number) => `0x${value.toString(16)}`;

/** What an honest endpoint of this world says; it refuses what it has not got. */
export function honest(seen: World): Answers {
  const heightOf = (hash: string) => {
    const all = Array.from({ length: seen.length }, (_, height) => height);
    return all.find((height) => hash === `0x${hashIn(seen, height)}`);
  };
  const nonceAt = (height: number) => seen.mined.filter(({ at }) => at <= height).length;
  const blockAt = (height: number | undefined) =>
    height === undefined || height >= seen.length || height < 0
      ? null
      : {
          number: hex(height),
          hash: `0x${hashIn(seen, height)}`,
          parentHash: `0x${hashIn(seen, height - 1)}`,
          timestamp: hex(1_790_000_000 + 12 * height),
          baseFeePerGas: "0x7",
          gasLimit: "0x1c9c380",
          transactions: seen.mined.flatMap(({ at, nonce, name, delegated }) =>
            at === height && delegated === undefined
              ? [{ hash: `0x${idOf(name ?? `of ${nonce}`)}`, from: PAYER, nonce: hex(nonce) }]
              : [],
          ),
        };
  const find = (hash: unknown) =>
    seen.mined.find(({ name }) => name !== undefined && hash === `0x${idOf(name)}`);
  return {
    eth_chainId: () => "0x7a69",
    eth_getBlockByNumber: (name) =>
      blockAt(name === "latest" ? seen.length - 1 : name === "finalized" ? seen.finalized : Number(name)),
    eth_getBlockByHash: (hash) => blockAt(heightOf(String(hash))),
    eth_getTransactionCount: (_, at) => {
      const height = heightOf((at as { readonly blockHash: string }).blockHash);
      return height === undefined ? undefined : hex(nonceAt(height));
    },
    eth_getTransactionByHash: (hash) => {
      const found = find(hash);
      if (found === undefined && !seen.pool.some((name) => hash === `0x${idOf(name)}`)) return null;
      return {
        hash,
        from: PAYER,
        nonce: "0x0",
        blockHash: found === undefined ? null : `0x${hashIn(seen, found.at)}`,
      };
    },
    eth_getTransactionReceipt: (hash) => {
      const found = find(hash);
      if (found === undefined || found.at >= seen.length) return null;
      return {
        transactionHash: hash,
        blockHash: `0x${hashIn(seen, found.at)}`,
        blockNumber: hex(found.at),
        from: PAYER,
        to: PAYER,
        status: "0x1",
        gasUsed: "0x5208",
        effectiveGasPrice: "0x7",
        logs: [],
      };
    },
  };
}

const servers: Server[] = [];

/** @param answers undefined from one of them is a refusal; "silent" never answers */
export async function endpoint(answers: Answers): Promise<EvmNode> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      const result = answers[method]?.(params[0], params[1]);
      if (result === "silent") return;
      const refused = { code: -32000, message: "header not found" };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(result === undefined ? { id, error: refused } : { id, result }));
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rpc = openJsonRpc({ url, random: () => 0, attemptsMax: 1, timeoutMs: 3000 });
  return evmNode({ rpc, chain: "eip155:31337" as ChainId });
}

export async function closeEndpoints(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** Endpoints as one, each by its name. */
export async function together(named: Readonly<Record<string, Answers>>, quorum = 2) {
  const endpoints = [];
  for (const [name, answers] of Object.entries(named))
    endpoints.push({ name, node: await endpoint(answers) });
  const events: NodeEvent[] = [];
  const observe = (event: NodeEvent) => events.push(event);
  return { ...evmQuorum(endpoints, { quorum, observe, pause: async () => undefined }), events };
}
