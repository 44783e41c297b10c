import { describe, expect, test } from "vitest";
import { deriveKey, type Branch } from "../../../src/chains/bitcoin/descriptor.ts";
import {
  transactionBytes,
  transactionId,
  type Transaction,
} from "../../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { toHex } from "../../../src/core/hex.ts";
import { walletCoins } from "../../../src/nodes/bitcoind/coins.ts";
import { walletView, watchedWallet } from "../../node/watched-wallet.ts";
import { fakeRpc } from "./fake-rpc.ts";

const { descriptor } = watchedWallet();
const script = (branch: Branch, index: number) => deriveKey(descriptor, branch, index).script;
const hash = (digit: string) => parseDigest(digit.repeat(64));

/** A transaction that pays 0.29 to the wallet's first address, with or without a witness. */
function parent(change: Partial<Transaction> = {}): Transaction {
  const input = {
    txid: hash("a"),
    vout: 0,
    scriptSig: new Uint8Array(0),
    sequence: 0xffff_fffd,
    witness: [Uint8Array.of(1, 2)],
  };
  return {
    version: 2,
    inputs: [input],
    outputs: [{ units: 29_000_000n, script: script(0, 0) }],
    lockTime: 0,
    ...change,
  };
}

const honest = parent();
const coin = {
  txid: transactionId(honest),
  vout: 0,
  scriptPubKey: toHex(script(0, 0)),
  desc: "wpkh([00000000/84h/1h/0h/0/0]02aa)#aaaaaaaa",
  amount: "0.29000000",
  height: 200,
};

function node(change: Record<string, unknown> = {}, transaction = honest, height = 300) {
  return fakeRpc({
    scantxoutset: { success: true, height, bestblock: hash("b"), unspents: [{ ...coin, ...change }] },
    getblockhash: hash("c"),
    getrawtransaction: toHex(transactionBytes(transaction)),
  });
}

describe("B1: every coin is proven against its parent's bytes and the wallet's own key", () => {
  test("an honest listing passes, and the parent is kept without its witness", async () => {
    const { coins, parents } = await walletCoins(node(), walletView(descriptor));
    expect(coins).toEqual([
      { txid: coin.txid, vout: 0, units: "29000000", branch: 0, index: 0, height: 200, coinbase: false },
    ]);
    expect(parents).toEqual([
      toHex(
        transactionBytes(parent({ inputs: [{ ...(honest.inputs[0] as object), witness: [] } as never] })),
      ),
    ]);
  });

  test.each([
    ["another amount", { amount: "0.28999999" }],
    ["a float's spelling of the amount", { amount: "2.9e-1" }],
    ["an output that does not exist", { vout: 1 }],
    ["another index", { desc: "wpkh([00000000/84h/1h/0h/0/1]02aa)" }],
    ["the other branch", { desc: "wpkh([00000000/84h/1h/0h/1/0]02aa)" }],
    ["no branch and index", { desc: "wpkh(02aa)" }],
    ["an index beyond all limits", { desc: "wpkh([00000000/0/4294967296]02aa)" }],
    ["another script", { scriptPubKey: toHex(script(0, 1)) }],
  ])("%s is refused", async (_, change) => {
    await expect(walletCoins(node(change), walletView(descriptor))).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
    });
  });

  test("another transaction than the one asked for is refused, however well it pays", async () => {
    const better = parent({
      outputs: [
        { units: 29_000_000n, script: script(0, 0) },
        { units: 1n, script: script(0, 1) },
      ],
    });
    await expect(walletCoins(node({}, better), walletView(descriptor))).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
    });
  });

  test("a coinbase is known by its bytes, whatever the node calls it, and waits for 100 confirmations", async () => {
    const input = {
      txid: hash("0"),
      vout: 0xffff_ffff,
      scriptSig: Uint8Array.of(1, 1),
      sequence: 0xffff_ffff,
      witness: [],
    };
    const minted = parent({ inputs: [input] });
    const at = (height: number) =>
      walletCoins(
        node({ txid: transactionId(minted), coinbase: false }, minted, height),
        walletView(descriptor),
      );
    expect((await at(298)).coins).toEqual([]);
    expect((await at(299)).coins).toMatchObject([{ coinbase: true }]);
  });
});
