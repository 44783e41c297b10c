/** What bitcoind answers: method by method, and as bytes on the wire. */
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAmount } from "../../../src/core/amount.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { toHex, utf8 } from "../../../src/core/hex.ts";
import { parseAmountJson } from "../../../src/nodes/bitcoind/amount-json.ts";
import { scanAnswer } from "../../../src/nodes/bitcoind/answers.ts";
import { bitcoindNode } from "../../../src/nodes/bitcoind/node.ts";
import { openRpc, type Rpc } from "../../../src/nodes/bitcoind/rpc.ts";
import { blockOf } from "../../factory/blocks.ts";
import { makeCustody, viewOf } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { fakeRpc } from "../../unit/nodes/fake-rpc.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Target } from "../target.ts";

const view = viewOf(makeCustody());
const hash = (digit: string) => digit.repeat(64);

const NODE_TABLE = {
  getblockchaininfo: { chain: "regtest", blocks: 300, bestblockhash: hash("b") },
  getblockheader: { hash: hash("b"), height: 300, confirmations: 1, time: 1_763_800_000 },
  getblockhash: blockOf([]).hash,
  scantxoutset: { success: true, height: 300, bestblock: hash("b"), unspents: [] },
  estimatesmartfee: { feerate: 0.00012, blocks: 6 },
  getmempoolinfo: { mempoolminfee: 0.00001, minrelaytxfee: 0.00001 },
  getmempoolentry: { vsize: 141 },
  getindexinfo: { txindex: { synced: true } },
  getrawtransaction: { txid: hash("d"), blockhash: hash("b") },
  getblock: toHex(blockOf([]).bytes),
  getrawmempool: [hash("d")],
};

/** A node that says what it likes, method by method. */
const nodeAnswers: Target = {
  name: "node-answers",
  samples: once(() => [utf8(JSON.stringify(NODE_TABLE))]),
  mutate: mutateJson,
  decode: async (input) => {
    const table = tableOf(textOf(input));
    if (table === undefined) return undefined;
    const node = bitcoindNode({ rpc: fakeRpc(table), network: "regtest" });
    const asked: readonly (() => Promise<unknown>)[] = [
      () => node.tip(),
      () => node.snapshot(view),
      () => node.status(hash("d")),
      () => node.spends(hash("d")),
      () => node.block(300),
      () => node.pending(),
    ];
    for (const ask of asked) await ask().catch(typedOnly);
    return undefined;
  },
  cases: 500,
};

function tableOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parseAmountJson(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function typedOnly(error: unknown): void {
  if (!(error instanceof CustodyError)) throw error;
}

type Wire = { readonly server: Server; readonly rpc: Rpc; body: Uint8Array };
let wire: Wire | undefined;

/** A server in this process that answers every call with the same bytes. */
async function wireWith(body: Uint8Array): Promise<Wire> {
  if (wire === undefined) {
    const server = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.end(wire?.body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    server.unref();
    const { port } = server.address() as { port: number };
    const folder = mkdtempSync(join(tmpdir(), "custody-fuzz-wire-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, ".cookie"), "__cookie__:fuzz");
    const rpc = openRpc({
      url: `http://127.0.0.1:${port}`,
      cookiePath: join(folder, ".cookie"),
      random: () => 0,
    });
    wire = { server, rpc, body };
  }
  wire.body = body;
  return wire;
}

const nodeReply: Target = {
  name: "node-reply",
  samples: once(() => [
    utf8(`{"result":${JSON.stringify(NODE_TABLE.scantxoutset)},"error":null,"id":0}`),
    utf8(
      `{"result":{"success":true,"height":1,"bestblock":"${hash("a")}","unspents":[{"txid":"${hash("a")}","vout":0,"scriptPubKey":"00","desc":"x","amount":0.29000000,"height":1}]},"error":null,"id":0}`,
    ),
  ]),
  mutate: (random, sample, samples) =>
    (random.chance(50) ? mutateJson : random.chance(50) ? mutateBytes : mutateText)(random, sample, samples),
  decode: async (input) => {
    const { rpc } = await wireWith(input);
    const { unspents } = await rpc.write("scantxoutset", [], scanAnswer);
    for (const { amount } of unspents)
      promised(parseAmount(amount, BTC).units >= 0n, "the node's amount is no amount");
    return undefined;
  },
  cases: 300,
};

export const NODE_TARGETS: readonly Target[] = [nodeAnswers, nodeReply];
