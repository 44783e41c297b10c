import { describe, expect, test } from "vitest";
import { transactionBytes, transactionId } from "../../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { bitcoindNode } from "../../../src/nodes/bitcoind/node.ts";
import { NODE_TIMEOUT, NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import { fakeRpc, refusal } from "./fake-rpc.ts";

const transaction = {
  version: 2,
  inputs: [
    {
      txid: parseDigest("a".repeat(64)),
      vout: 0,
      scriptSig: new Uint8Array(0),
      sequence: 0,
      witness: [Uint8Array.of(1)],
    },
  ],
  outputs: [{ units: 1000n, script: Uint8Array.of(0x51) }],
  lockTime: 0,
};
const id = transactionId(transaction);
const block = "b".repeat(64);

function throwing(error: unknown) {
  return () => {
    throw error;
  };
}

/** What is said of a transaction that the node does not have. */
const absent = {
  getblockchaininfo: { chain: "regtest", blocks: 9, bestblockhash: block },
  getmempoolentry: throwing(refusal(-5, "Transaction not in mempool")),
  getrawtransaction: throwing(refusal(-5, "No such mempool or blockchain transaction")),
  getindexinfo: { txindex: { synced: true } },
};

function broadcast(answers: Record<string, unknown>) {
  const node = bitcoindNode({ rpc: fakeRpc({ ...absent, ...answers }), network: "regtest" });
  return node.broadcast(transactionBytes(transaction));
}

describe("F4: only what the node says of the transaction itself is a rejection", () => {
  test("the id it gives back is ours: accepted; another id: uncertain", async () => {
    expect(await broadcast({ sendrawtransaction: id })).toEqual({ type: "accepted" });
    expect(await broadcast({ sendrawtransaction: block })).toMatchObject({ type: "uncertain" });
  });

  test.each([
    [-22, "TX decode failed"],
    [-25, "bad-txns-inputs-missingorspent"],
    [-26, "insufficient fee, rejecting replacement"],
  ])("%d %s is rejected", async (code, reason) => {
    const outcome = await broadcast({ sendrawtransaction: throwing(refusal(code, reason)) });
    expect(outcome).toEqual({ type: "rejected", reason });
  });

  test.each([
    [-27, "Transaction outputs already in utxo set"],
    [-26, "txn-already-in-mempool"],
    [-25, "txn-already-known"],
  ])("%d %s is accepted", async (code, reason) => {
    expect(await broadcast({ sendrawtransaction: throwing(refusal(code, reason)) })).toEqual({
      type: "accepted",
    });
  });

  test("'missing inputs' of a transaction that is in the best chain is accepted, in a stale block it is not", async () => {
    const answers = {
      sendrawtransaction: throwing(refusal(-25, "bad-txns-inputs-missingorspent")),
      getrawtransaction: { txid: id, blockhash: block },
    };
    const header = { hash: block, height: 5, time: 1_700_000_000 };
    expect(await broadcast({ ...answers, getblockheader: { ...header, confirmations: 3 } })).toEqual({
      type: "accepted",
    });
    expect(await broadcast({ ...answers, getblockheader: { ...header, confirmations: -1 } })).toMatchObject({
      type: "rejected",
    });
  });

  test.each([
    ["no connection", NODE_UNREACHABLE("down")],
    ["silence", NODE_TIMEOUT("slow")],
    ["an error that names no verdict", refusal(-1, "std::bad_alloc")],
    ["an unknown code", refusal(-99, "?")],
  ])("%s is uncertain", async (_, error) => {
    expect(await broadcast({ sendrawtransaction: throwing(error) })).toMatchObject({ type: "uncertain" });
  });

  test("a rejection that cannot be checked is uncertain", async () => {
    const outcome = await broadcast({
      sendrawtransaction: throwing(refusal(-25, "bad-txns-inputs-missingorspent")),
      getmempoolentry: throwing(NODE_TIMEOUT("slow")),
    });
    expect(outcome).toMatchObject({ type: "uncertain" });
  });
});
