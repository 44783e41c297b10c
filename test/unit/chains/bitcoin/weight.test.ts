/** What is counted before signing beside what is there afterwards: a cancel rung must outbid the real rate of a rung. */
import { expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { combine } from "../../../../src/chains/bitcoin/finalize.ts";
import { KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { parseTransaction, strippedBytes } from "../../../../src/chains/bitcoin/transaction.ts";
import { transactionWeight, varyingSignatures } from "../../../../src/chains/bitcoin/weight.ts";
import { goodPsbt, signAll, viewOf, walletOfKind } from "../../../bitcoin/regtest-wallet.ts";

test.each(KINDS)("$kind: a Schnorr signature has one length, an ECDSA one may be shorter", (kind) => {
  const wallet = walletOfKind(kind.kind);
  const { tx } = decode(goodPsbt(wallet), viewOf(wallet));
  const bytes = combine(tx, signAll(wallet, tx));
  const real = 3 * strippedBytes(parseTransaction(bytes)).length + bytes.length;
  const counted = transactionWeight(
    tx.inputs.length,
    wallet.descriptor,
    tx.unsigned.outputs.map(({ script }) => script),
  );
  const varying = varyingSignatures(tx.inputs.length, wallet.descriptor);
  const signatures = 2 * (kind.several ? 2 : 1);
  expect(varying).toBe(kind.scheme === "schnorr" ? 0 : signatures);
  // Low R is a byte shorter than the longest signature that another maker may hand back.
  expect(counted - real).toBeGreaterThanOrEqual(varying);
  expect(counted - real).toBeLessThanOrEqual(3 * varying);
});
