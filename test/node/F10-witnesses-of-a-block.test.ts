/**
 * F10 on a real node: the bytes of a payment are kept from a block only with the signatures that the block's hash commits
 * to (BIP-141). What one node has spoilt is asked of the other.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import {
  parseTransaction,
  transactionBytes,
  type Transaction,
} from "../../src/chains/bitcoin/transaction.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import type { Rpc } from "../../src/nodes/bitcoind/rpc.ts";
import { nodeQuorum } from "../../src/nodes/quorum.ts";
import { watchedWallet } from "./watched-wallet.ts";

const { address } = watchedWallet(12);
let regtest: Regtest;
let height: number;
/** As the block holds them. */
let [coinbase, payment]: readonly [string, string] = ["", ""];

beforeAll(async () => {
  regtest = await startBitcoind();
  await regtest.mine(101);
  const txid = await regtest.fund(address(0, 0), "0.1");
  ({ height } = await honest().tip());
  const block = await honest().block(height);
  const hex = (id: string | undefined) =>
    toHex(block?.transactions.find((one) => one.id === id)?.bytes ?? new Uint8Array());
  [coinbase, payment] = [hex(block?.transactions[0]?.id), hex(txid)];
});
afterAll(() => regtest.stop());

const honest = () => bitcoindNode({ rpc: regtest.rpc, network: "regtest" });

/** The real node behind somebody who changes what its blocks hold. */
function liar(change: (block: string) => string) {
  const read: Rpc["read"] = async (method, params, answer, options) => {
    const told = await regtest.rpc.read(method, params, answer, options);
    return method === "getblock" ? answer.parse(change(told as string)) : told;
  };
  return bitcoindNode({ rpc: { ...regtest.rpc, read }, network: "regtest" });
}

/** Other witnesses under the same id. */
function respent(hex: string, witnessOf: (witness: readonly Uint8Array[]) => readonly Uint8Array[]): string {
  const transaction: Transaction = parseTransaction(fromHex(hex));
  const inputs = transaction.inputs.map((input) => ({ ...input, witness: witnessOf(input.witness) }));
  return toHex(transactionBytes({ ...transaction, inputs }));
}

const NO_WITNESS = () => [];
const FLIPPED = ([signature, ...others]: readonly Uint8Array[]) => [
  Uint8Array.from(signature ?? [], (byte, place) => (place === 9 ? byte ^ 1 : byte)),
  ...others,
];

describe("F10: a block of the real node", () => {
  test("is read with its witnesses; those of old regtest blocks without payments as well", async () => {
    expect(parseTransaction(fromHex(payment)).inputs[0]?.witness.length).toBeGreaterThan(0);
    for (const at of [0, 1, 101]) expect((await honest().block(at))?.transactions).toHaveLength(1);
  });

  test.each<[string, (block: string) => string]>([
    ["a flipped bit in a signature", (block) => block.replace(payment, respent(payment, FLIPPED))],
    ["a payment without its witness", (block) => block.replace(payment, respent(payment, NO_WITNESS))],
    ["a coinbase without its witness", (block) => block.replace(coinbase, respent(coinbase, NO_WITNESS))],
    [
      "no witness anywhere",
      (block) =>
        block.replace(coinbase, respent(coinbase, NO_WITNESS)).replace(payment, respent(payment, NO_WITNESS)),
    ],
  ])("with %s is refused, and asked of another node", async (_, change) => {
    await expect(liar(change).block(height)).rejects.toMatchObject({ code: "NODE_ANSWER_MALFORMED" });
    const nodes = nodeQuorum(
      [
        { name: "liar", node: liar(change) },
        { name: "honest", node: honest() },
      ],
      { quorum: 2, setting: "bitcoind-url", meet: ([facts]) => facts as never, observe: () => undefined },
    );
    const bytes = (await nodes.block(height))?.transactions.map((one) => toHex(one.bytes));
    expect(bytes).toEqual([coinbase, payment]);
  });
});
