/** What endpoints' words on a transaction mean (F4): those of geth, besu, erigon, nethermind, reth and anvil. */
import { describe, expect, test } from "vitest";
import { transactionHash } from "../../../src/chains/evm/transaction.ts";
import { toHex } from "../../../src/core/hex.ts";
import { NODE_TIMEOUT, NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import type { EvmNode } from "../../../src/nodes/evm/node.ts";
import { send, type SendOutcome } from "../../../src/nodes/evm/send.ts";
import { sendToAll } from "../../../src/nodes/evm/send-to-all.ts";
import { patienceOf } from "../../../src/nodes/gather.ts";
import { fakeRpc, refusal } from "./fake-rpc.ts";

const bytes = Uint8Array.of(2, 0xc0);
const hash = `0x${toHex(transactionHash(bytes))}`;
const known = { hash, from: `0x${"00".repeat(20)}`, nonce: "0x0", blockHash: null };

/** An endpoint that refuses with these words, and knows the transaction or not. */
function refusing(code: number, words: string, transaction: unknown = null) {
  const refuse = () => {
    throw refusal(code, words);
  };
  return fakeRpc({ eth_sendRawTransaction: refuse, eth_getTransactionByHash: transaction });
}

test("what is taken is accepted, once it bears its own name", async () => {
  expect(await send(fakeRpc({ eth_sendRawTransaction: hash }), bytes)).toEqual({
    type: "accepted",
    already: false,
  });
  const renamed = fakeRpc({ eth_sendRawTransaction: `0x${"11".repeat(32)}` });
  expect(await send(renamed, bytes)).toMatchObject({ type: "uncertain" });
});

describe("F04: words", () => {
  test.each([
    [-32000, "already known"],
    [-32000, `known transaction: ${hash}`],
    [-32000, "Known transaction"],
    [-32010, "AlreadyKnown"],
    [-32003, "transaction already imported"],
  ])("%i %s: it has these bytes", async (code, words) => {
    expect(await send(refusing(code, words), bytes)).toEqual({ type: "accepted", already: true });
  });

  test.each([
    [-32000, "nonce too low: next nonce 8, tx nonce 7", "nonce too low"],
    [-32003, "nonce too low", "nonce too low"],
    [-32001, "Nonce too low", "nonce too low"],
    [-32010, "OldNonce, Current nonce: 8, nonce of rejected tx: 7", "nonce too low"],
    [-32000, "replacement transaction underpriced", "replacement underpriced"],
    [-32010, "ReplacementNotAllowed", "replacement underpriced"],
    [-32000, "transaction underpriced: gas tip cap 0, minimum needed 1", "underpriced"],
    [-32003, "max fee per gas less than block base fee", "underpriced"],
    [
      -32000,
      "insufficient funds for gas * price + value: balance 1, tx cost 2, overshot 1",
      "insufficient funds",
    ],
    [-32003, "Insufficient funds for gas * price + value", "insufficient funds"],
    [-32010, "InsufficientFunds, Account balance: 0, cumulative cost: 1", "insufficient funds"],
    [-32004, "Upfront cost exceeds account balance", "insufficient funds"],
    [-32000, "intrinsic gas too low: gas 1, minimum needed 21000", "other"],
    [-32000, "unknown transaction type", "other"],
    [-32000, "tx fee (1.20 ether) exceeds the configured cap (1.00 ether)", "other"],
    [-32003, "transaction rejected", "other"],
  ])("%i %s: %s", async (code, words, why) => {
    expect(await send(refusing(code, words), bytes)).toMatchObject({ type: "rejected", why });
    // Whatever it says: it has the transaction, so nothing was refused.
    expect(await send(refusing(code, words, known), bytes)).toEqual({ type: "accepted", already: true });
  });

  test.each([
    [-32000, "request timed out"],
    [-32000, "context deadline exceeded"],
    [-32603, "Internal error"],
    [-32601, "the method eth_sendRawTransaction does not exist"],
    [-32602, "invalid argument"],
    [-32000, "service temporarily unavailable"],
  ])("%i %s: nothing is known of the transaction", async (code, words) => {
    expect(await send(refusing(code, words), bytes)).toMatchObject({ type: "uncertain" });
  });

  test("a refusal that cannot be checked, a time-out, a broken line: it may have got through", async () => {
    const mute = () => {
      throw NODE_UNREACHABLE("no answer");
    };
    const unchecked = fakeRpc({
      eth_sendRawTransaction: () => {
        throw refusal(-32000, "nonce too low");
      },
      eth_getTransactionByHash: mute,
    });
    expect(await send(unchecked, bytes)).toMatchObject({ type: "uncertain" });
    const late = () => {
      throw NODE_TIMEOUT("late");
    };
    for (const way of [mute, late])
      expect(await send(fakeRpc({ eth_sendRawTransaction: way }), bytes)).toMatchObject({
        type: "uncertain",
      });
  });
});

describe("F04: several endpoints", () => {
  const low: SendOutcome = { type: "rejected", why: "nonce too low", reason: "low" };
  const poor: SendOutcome = { type: "rejected", why: "insufficient funds", reason: "poor" };
  const lost: SendOutcome = { type: "uncertain", reason: "lost" };
  const taken: SendOutcome = { type: "accepted", already: false };
  const had: SendOutcome = { type: "accepted", already: true };

  test.each([
    ["one takes it", [low, taken, lost], taken],
    ["all have it", [had, had], had],
    ["new to one", [had, taken], taken],
    ["all refuse alike", [low, low], { type: "rejected", why: "nonce too low", reason: "0: low; 1: low" }],
    [
      "all refuse, each in its way",
      [low, poor],
      { type: "rejected", why: "other", reason: "0: low; 1: poor" },
    ],
    ["one is not heard", [low, lost], { type: "uncertain", reason: "0: low; 1: lost" }],
  ])("%s", async (_, outcomes, expected) => {
    const sent: Uint8Array[] = [];
    const endpoints = outcomes.map((outcome, place) => {
      const broadcast = async (given: Uint8Array) => {
        sent.push(given);
        return outcome;
      };
      return { name: String(place), node: { broadcast } as unknown as EvmNode };
    });
    const patience = patienceOf(async () => undefined);
    expect(await sendToAll(endpoints, bytes, { observe: () => undefined, patience })).toEqual(expected);
    expect(sent).toEqual(outcomes.map(() => bytes));
  });
});
