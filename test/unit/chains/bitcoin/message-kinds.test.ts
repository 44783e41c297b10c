/** BIP-322 messages of every kind of wallet, in the form that a verifier can check with address and message alone. */
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../../src/chains/bitcoin/address.ts";
import { build } from "../../../../src/chains/bitcoin/build.ts";
import { KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { messageSignature } from "../../../../src/chains/bitcoin/message-signature.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { parsePsbt } from "../../../../src/chains/bitcoin/psbt.ts";
import { taprootDigest } from "../../../../src/chains/bitcoin/taproot-sighash.ts";
import { parseTransaction, transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import { toSign, toSpend } from "../../../../src/chains/bitcoin/virtual-transactions.ts";
import { fromBase64, toHex } from "../../../../src/core/hex.ts";
import { optionsOf, signAll, snapshotOf, viewOf, walletOfKind } from "../../../bitcoin/regtest-wallet.ts";

const MESSAGE = "custody of example: reserves of 2026-11-22";

describe.each(KINDS.map(({ kind }) => kind))("%s", (kind) => {
  const wallet = walletOfKind(kind);
  const view = viewOf(wallet);
  const nested = kind.startsWith("p2sh");
  const signed = (coins: boolean) => {
    const snapshot = snapshotOf(wallet, [{ units: 60_000n, index: 7 }]);
    const plan = build({ type: "attest", message: MESSAGE, coins }, view, snapshot, optionsOf(snapshot));
    const [attempt] = decodePlan(plan, plan.previous, view).rungs as [
      ReturnType<typeof decodePlan>["rungs"][number],
    ];
    return { attempt, text: messageSignature(attempt.tx, signAll(wallet, attempt.tx)) };
  };

  test("without coins: the witness, and where a redeem script is needed the whole transaction", () => {
    const { attempt, text } = signed(false);
    expect(text.slice(0, 3)).toBe(nested ? "ful" : "smp");
    if (!nested) return;
    const transaction = parseTransaction(fromBase64(text.slice(3)));
    expect(transactionId(transaction)).toBe(attempt.transaction);
    const [input] = transaction.inputs;
    const redeem = attempt.tx.inputs[0]?.redeemScript as Uint8Array;
    expect(toHex(input?.scriptSig ?? redeem)).toBe(`${toHex(Uint8Array.of(redeem.length))}${toHex(redeem)}`);
    expect(input?.witness.length).toBeGreaterThan(1);
  });

  test("with coins: a finalised PSBT, with script signatures where there are some", () => {
    const psbt = parsePsbt(fromBase64(signed(true).text.slice(3)));
    const types = psbt.inputs.map(({ fields }) => fields.map(({ type }) => type).join());
    expect(types).toEqual(nested ? ["1,7,8", "1,7,8"] : ["1,8", "1,8"]);
  });
});

test("BIP-322's own taproot signature is one over the digest that we compute", () => {
  const { script } = parseAddress(
    "bc1pss0zhytly75awhm6x2hhvd5lnzv3vssgrf9axfheq8ldyzn88ges79fler",
    "mainnet",
  );
  const spend = toSpend("No prefix fallback", script);
  const witness = fromBase64(
    "AUCJYOwOjxYAvatTAGYaVlNXBVyFuc4MwNQkOuK2tl8xhfKDONd0NjfYyNSYcRqeCp8hsAnCEPHAVEkO9h6vbQ/R",
  );
  const digest = taprootDigest(toSign(spend, []), 0, spend.outputs);
  expect(ecc.verifySchnorr(digest, script.subarray(2), witness.subarray(2))).toBe(true);
  const other = taprootDigest(toSign(toSpend("another", script), []), 0, spend.outputs);
  expect(ecc.verifySchnorr(other, script.subarray(2), witness.subarray(2))).toBe(false);
});
