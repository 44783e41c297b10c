/**
 * A11: whoever is asked for a signature looks at the file with `inspect` first. A coin stands in it where the virtual coin of
 * a message stands (BIP-322), so that all that the coin is worth would go to the miner; the file says: a message, no fee.
 */
import { describe, expect, test } from "vitest";
import { build } from "../../src/chains/bitcoin/build.ts";
import { deriveKey } from "../../src/chains/bitcoin/descriptor.ts";
import { inspectBase, inspectBitcoin } from "../../src/chains/bitcoin/index.ts";
import { expandPlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { newPsbt } from "../../src/chains/bitcoin/psbt.ts";
import { strippedBytes, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { toSign, toSpend } from "../../src/chains/bitcoin/virtual-transactions.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { optionsOf, snapshotOf, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";

const MESSAGE = "custody of example: reserves of 2026-11-22";
const wallet = testWallet();
const view = viewOf(wallet);
const { keys, script } = deriveKey(wallet.descriptor, 0, 0);
const snapshot = snapshotOf(wallet, [{ units: 60_000n, index: 7 }]);
const plan = build({ type: "attest", message: MESSAGE, coins: true }, view, snapshot, optionsOf(snapshot));

// A coin at the address that answers for messages, first in its transaction as the virtual coin is in its own.
const parent: Transaction = { ...toSpend("any", script), version: 2, outputs: [{ units: 60_000n, script }] };
const unsigned = toSign(parent, []);
const psbt = (claims: object) =>
  newPsbt(unsigned, [{ derivations: keys, ...claims }], [{ derivations: [] }], MESSAGE);

describe("A11: a payment said to be a message", () => {
  test.each([
    ["with the coin's transaction", { previousTransaction: strippedBytes(parent) }],
    ["with the coin's output alone", { previousOutput: { units: 60_000n, script } }],
  ])("%s it is refused, and all that the coin is worth is its fee", (_, claims) => {
    const { message, feeUnits, refusals } = inspectBitcoin(psbt(claims), "regtest");
    expect(message).toBeUndefined();
    expect(feeUnits).toBe("60000");
    expect(refusals.map(({ rule }) => rule)).toContain("MESSAGE_TRANSACTION");
  });

  test("in a plan whose request carries the coin's transaction it is refused as well", () => {
    const { message, refusals } = inspectBase(psbt({}), [strippedBytes(parent)], "regtest");
    expect(message).toBeUndefined();
    expect(refusals.map(({ rule }) => rule)).toContain("MESSAGE_TRANSACTION");
  });

  test("of a coin that nothing is known of, no fee is said to be proven, and the reader is told", () => {
    const { feeProven, warnings } = inspectBitcoin(psbt({}), "regtest");
    expect(feeProven).toBe(false);
    expect(warnings.join()).toMatch(/only the wallet's descriptor can say/);
  });

  test("twin: a message as it is sent to other makers' signers is one, without a fee, by proof", () => {
    const [whole] = expandPlan(plan, plan.previous, view) as [Uint8Array];
    const { message, feeUnits, feeProven, refusals } = inspectBitcoin(whole, "regtest");
    expect([message, feeUnits, feeProven, refusals]).toEqual([MESSAGE, "0", true, []]);
  });

  test("twin: a plan's base is one as well, and says that the descriptor has to be asked", () => {
    const base = fromBase64(plan.base);
    const { message, feeUnits, warnings, refusals } = inspectBase(base, plan.previous, "regtest");
    expect([message, feeUnits, refusals]).toEqual([MESSAGE, "0", []]);
    expect(warnings.join()).toMatch(/only the wallet's descriptor can say/);
  });
});
