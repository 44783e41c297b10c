/** A bitcoind of a few blocks, as an address that answers over real connections, or lets questions lie. */
import { writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { toHex } from "../../src/core/hex.ts";
import { blockOf, type MadeBlock } from "./blocks.ts";
import { temporaryFolder } from "./folder.ts";

type Question = { readonly method: string; readonly params: readonly unknown[] };

export const ONLY_BLOCK = blockOf([]);

/** Blocks one on top of the other. */
export function blocksOf(count: number): readonly MadeBlock[] {
  const blocks = [ONLY_BLOCK];
  while (blocks.length < count) blocks.push(blockOf([], blocks.at(-1)?.hash));
  return blocks;
}

/**
 * While `sleeps`, it takes questions and answers none until it is woken.
 * @param from the height of the first of `blocks`
 */
export async function startEndpoint(from = 7, blocks: readonly MadeBlock[] = [ONLY_BLOCK]) {
  const height = from + blocks.length - 1;
  const named = (hash: unknown) => blocks.find((block) => block.hash === hash)?.bytes;
  const hex = (bytes: Uint8Array | undefined) => bytes && toHex(bytes);
  const results: Readonly<Record<string, (asked: readonly unknown[]) => unknown>> = {
    getblockchaininfo: () => ({
      chain: "regtest",
      blocks: height,
      headers: height,
      bestblockhash: blocks.at(-1)?.hash,
    }),
    getblockheader: ([hash]) => hex(named(hash)?.subarray(0, 80)),
    getblockhash: ([at]) => blocks[Number(at) - from]?.hash,
    getblock: ([hash]) => hex(named(hash)),
    getrawmempool: () => [],
  };
  const reply = (response: ServerResponse, { method, params }: Question) => {
    const result = results[method]?.(params);
    const error = result === undefined ? { code: -8, message: "no such thing" } : null;
    response.end(JSON.stringify({ result: result ?? null, error, id: 0 }));
  };
  const lying: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      made.asked += 1;
      const question = JSON.parse(Buffer.concat(chunks).toString()) as Question;
      if (made.sleeps) lying.push(() => reply(response, question));
      else reply(response, question);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const cookiePath = join(temporaryFolder("endpoint"), ".cookie");
  writeFileSync(cookiePath, "user:password\n");
  const made = {
    url: `http://127.0.0.1:${port}`,
    cookiePath,
    sleeps: false,
    asked: 0,
    wake() {
      made.sleeps = false;
      for (const answer of lying.splice(0)) answer();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return made;
}

export type TestEndpoint = Awaited<ReturnType<typeof startEndpoint>>;
