/**
 * F08: a mempool is full, and a parent pays less than what it asks for: alone it is refused, with a child that pays for both it
 * is taken (`submitpackage`). Below the node's own relay floor no child helps a transaction of version 2 (ADR 21).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import { parseTransaction, transactionBytes, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../src/core/digest.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";

const text = z.string();
const coins = z.array(z.object({ txid: text, vout: z.number(), amount: z.union([text, z.number()]) }));
const signedAnswer = z.object({ hex: text, complete: z.literal(true) });
const COIN = "0.05000000";
/** The relay floor of one satoshi a byte, in bitcoin per 1,000 bytes. */
const FLOOR = "0.00001000";
/** More than fill 5 MB, of 60 kB each. */
const FILLERS = 90;
const OUTPUTS = 1900;

type Coin = { readonly txid: string; readonly vout: number };

let node: Regtest;
/** Of nobody here: the node's wallet would follow each of thousands. */
const STRANGERS = new Uint8Array([0, 20, ...new Uint8Array(20).fill(7)]);

let script: Uint8Array;
let spare: Coin[];

beforeAll(async () => {
  node = await startBitcoind({ flags: ["-maxmempool=5"] });
  await node.mine(101);
  const home = await node.rpc.write("getnewaddress", [], text);
  script = parseAddress(home, "regtest").script;
  const to: string[] = [];
  while (to.length < FILLERS + 2) to.push(await node.rpc.write("getnewaddress", [], text));
  await node.rpc.write("sendmany", ["", Object.fromEntries(to.map((address) => [address, COIN]))], text);
  await node.mine(1);
  spare = (await node.rpc.read("listunspent", [1], coins)).filter(({ amount }) => amount === COIN);
  // Each dearer than the one before, so that the cheapest leave and the floor rises above one satoshi a byte.
  for (let filler = 0; filler < FILLERS; filler++) {
    const hex = await spend(spare.pop() as Coin, {
      units: 5_000_000n,
      fee: 500_000 + 20_000 * filler,
      outputs: OUTPUTS,
    });
    await node.rpc.write("sendrawtransaction", [hex, 0], text);
    const { mempoolminfee } = await node.rpc.read("getmempoolinfo", [], z.object({ mempoolminfee: text }));
    if (mempoolminfee > FLOOR) return;
  }
});
afterAll(() => node.stop());

type Spending = {
  readonly units: bigint;
  readonly fee: number;
  readonly outputs?: number;
  readonly before?: readonly object[];
};

/** A signed transaction that spends one coin of `units` and pays `fee` in satoshis, the rest to ourselves. */
async function spend(
  { txid, vout }: Coin,
  { units, fee, outputs = 1, before = [] }: Spending,
): Promise<string> {
  const small = 1000n;
  const rest = units - BigInt(fee) - small * BigInt(outputs - 1);
  const input = {
    txid: parseDigest(txid),
    vout,
    scriptSig: new Uint8Array(),
    sequence: 0xffff_fffd,
    witness: [],
  };
  const all = Array.from({ length: outputs }, (_, place) => ({
    ...(place === 0 ? { units: rest, script } : { units: small, script: STRANGERS }),
  }));
  const raw = toHex(transactionBytes({ version: 2, inputs: [input], outputs: all, lockTime: 0 }));
  const { hex } = await node.rpc.write("signrawtransactionwithwallet", [raw, before], signedAnswer);
  return hex;
}

/** Above the relay floor of one satoshi a byte, below what a full mempool asks for. */
const PARENT_FEE = 200;

const idOf = (hex: string) => transactionId(parseTransaction(fromHex(hex)));
const mempool = async () => new Set(await node.rpc.read("getrawmempool", [], z.array(text)));

/** A parent that waits for nobody, and a child of it that pays `fee`. */
async function family(fee: number): Promise<readonly [parent: string, child: string]> {
  const parent = await spend(spare.pop() as Coin, { units: 5_000_000n, fee: PARENT_FEE });
  const units = 5_000_000n - BigInt(PARENT_FEE);
  const coin = { txid: idOf(parent), vout: 0 };
  const made = { ...coin, scriptPubKey: toHex(script), amount: `0.0${units}` };
  return [parent, await spend(coin, { units, fee, before: [made] })];
}

test("alone it is refused; a child that pays too little takes it no further; one that pays for both does", async () => {
  const client = bitcoindNode({ rpc: node.rpc, network: "regtest" });
  const [parent, poor] = await family(300);
  expect(await client.broadcast(fromHex(parent))).toMatchObject({
    type: "rejected",
    reason: expect.stringContaining("mempool min fee not met") as string,
  });
  expect(await client.broadcastPackage?.([parent, poor].map((hex) => fromHex(hex)))).toMatchObject({
    type: "rejected",
  });
  expect((await mempool()).has(idOf(parent))).toBe(false);

  const [other, rich] = await family(50_000);
  expect(await client.broadcastPackage?.([other, rich].map((hex) => fromHex(hex)))).toEqual({
    type: "accepted",
  });
  const waiting = await mempool();
  expect([other, rich].map((hex) => waiting.has(idOf(hex)))).toEqual([true, true]);
});
