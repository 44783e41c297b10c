/** Every kind of wallet, from its descriptor to bytes that can be sent. */
import { describe, expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveAddress, deriveKey, parseDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { combine, isComplete } from "../../../../src/chains/bitcoin/finalize.ts";
import { KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { SIGNATURE_INVALID, verifySignatures } from "../../../../src/chains/bitcoin/signature.ts";
import { parseTransaction, transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  goodPsbt,
  payment,
  planOf,
  psbtsOf,
  signAll,
  snapshotOf,
  viewOf,
  walletOfKind,
  type TestWallet,
} from "../../../bitcoin/regtest-wallet.ts";

const WALLETS: readonly (readonly [string, TestWallet])[] = [
  ...KINDS.map(({ kind }) => [kind, walletOfKind(kind)] as const),
  ["p2tr-sortedmulti, extended", walletOfKind("p2tr-sortedmulti", { internalKey: "extended" })],
];

describe.each(WALLETS)("%s", (_, wallet) => {
  const { descriptor } = wallet;
  const view = viewOf(wallet);
  const { threshold } = descriptor;

  test("is written and read, and each place has an address of its own", () => {
    expect(parseDescriptor(descriptor.text, "regtest")).toEqual(descriptor);
    const addresses = [0, 1, 2].flatMap((index) =>
      ([0, 1] as const).map((branch) => deriveAddress(descriptor, branch, index).address),
    );
    expect(new Set(addresses).size).toBe(6);
  });

  test("is built, decoded, signed and combined under the id that was known before", () => {
    const coins = Array.from({ length: 3 }, (__, index) => ({ units: 30_000n, index }));
    const plan = planOf([payment(50_000n)], view, snapshotOf(wallet, coins), {
      feeRatesMilli: [2000n, 5000n],
    });
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    expect(rungs).toHaveLength(2);
    for (const attempt of [...rungs, cancel as (typeof rungs)[number]]) {
      for (const seeds of [wallet.seeds.slice(-threshold), wallet.seeds]) {
        const signatures = signAll(wallet, attempt.tx, seeds);
        verifySignatures(attempt.tx, signatures);
        const bytes = combine(attempt.tx, signatures);
        expect(transactionId(parseTransaction(bytes))).toBe(attempt.transaction);
      }
      const few = signAll(wallet, attempt.tx, wallet.seeds.slice(0, threshold - 1));
      expect(isComplete(attempt.tx, few)).toBe(false);
    }
  });

  test("weighs no more than it was counted with, and a few units less at most", () => {
    const { tx, fee } = decode(goodPsbt(wallet), view);
    const bytes = combine(tx, signAll(wallet, tx));
    const stripped = parseTransaction(bytes);
    const base = bytes.length - witnessLength(stripped.inputs);
    const real = Math.ceil((3 * base + bytes.length) / 4);
    expect(fee.virtualSize).toBeGreaterThanOrEqual(real);
    // Low R saves a byte for each ECDSA signature, now and then one more.
    expect(fee.virtualSize - real).toBeLessThanOrEqual(tx.inputs.length * threshold);
  });

  test("as a whole PSBT it says everything that is proven again, and what its compact form says", () => {
    const plan = planOf([payment(20_000n)], view, snapshotOf(wallet, [{ units: 60_000n, index: 4 }]));
    const [whole] = psbtsOf(plan, view);
    const [rung] = decodePlan(plan, plan.previous, view).rungs;
    expect(decode(whole as Uint8Array, view)).toEqual(rung);
  });

  test("a signature by another key, of another input, or changed by a bit is none", () => {
    const { tx } = decode(goodPsbt(wallet), view);
    const signatures = signAll(wallet, tx);
    const [first, ...rest] = signatures as [(typeof signatures)[number]];
    const flipped = fromHex(first.signature);
    flipped[40] = (flipped[40] as number) ^ 1;
    const other = deriveKey(descriptor, 0, 19).keys[0];
    for (const bad of [
      { ...first, signature: toHex(flipped) },
      { ...first, key: toHex(other?.publicKey ?? new Uint8Array()) },
      { ...first, input: 1 },
    ])
      expectRefusal(() => verifySignatures(tx, [bad]), SIGNATURE_INVALID);
    verifySignatures(tx, [first, ...rest]);
  });
});

function witnessLength(inputs: readonly { readonly witness: readonly Uint8Array[] }[]): number {
  const sizes = inputs.map(({ witness }) =>
    witness.reduce((sum, { length }) => sum + length + (length < 0xfd ? 1 : 3), 1),
  );
  return 2 + sizes.reduce((sum, size) => sum + size, 0);
}
