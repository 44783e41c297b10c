/** BIP-322: a payment that carries a message, or signs one beside what it pays, is refused (B24). */
import { describe, expect, test } from "vitest";
import { build } from "../../src/chains/bitcoin/build.ts";
import { deriveKey } from "../../src/chains/bitcoin/descriptor.ts";
import { MESSAGE_RUNGS, MESSAGE_TRANSACTION } from "../../src/chains/bitcoin/message-plan.ts";
import { OUTPUT_UNKNOWN } from "../../src/chains/bitcoin/outputs.ts";
import { INPUT_WORTHLESS } from "../../src/chains/bitcoin/owned-inputs.ts";
import { PSBT_FIELD_REFUSED } from "../../src/chains/bitcoin/allowed-fields.ts";
import { decodePlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { newPsbt, parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { TRANSACTION_VERSION } from "../../src/chains/bitcoin/decode.ts";
import { strippedBytes, transactionId, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { toSign, toSpend } from "../../src/chains/bitcoin/virtual-transactions.ts";
import { fromBase64, toBase64, utf8 } from "../../src/core/hex.ts";
import { editPsbt, field } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { optionsOf, payment, snapshotOf, viewOf } from "../bitcoin/regtest-wallet.ts";
import { MESSAGE, single, coins } from "../bitcoin/attest.ts";

describe("B24: a message in a payment", () => {
  const view = viewOf(single);
  const snapshot = snapshotOf(single, coins);
  const pay = build({ type: "pay", payments: [payment(50_000n)] }, view, snapshot, optionsOf(snapshot));
  const base = fromBase64(pay.base);
  const read = (edited: Uint8Array, previous = pay.previous) =>
    decodePlan({ ...pay, base: toBase64(edited) }, previous, view);

  test("a payment that carries a message is neither", () => {
    const both = editPsbt(base, (psbt) => psbt.global.push(field(0x09, utf8(MESSAGE))));
    // A base's outputs name keys, which a message's never do.
    expectRefusal(() => read(both), PSBT_FIELD_REFUSED);
    const bare = editPsbt(both, (psbt) => (psbt.outputs = psbt.outputs.map(() => [])));
    expectRefusal(() => read(bare), MESSAGE_RUNGS);
    const one = { ...pay, base: toBase64(bare), rungs: [{ feeUnits: "0" }], cancel: undefined };
    expectRefusal(() => decodePlan(one, pay.previous, view), MESSAGE_TRANSACTION);
    expect(read(base).rungs).toHaveLength(pay.rungs.length);
  });

  test("what signs a message, without the message, is no payment", () => {
    const key = deriveKey(single.descriptor, 0, 0);
    const spend = toSpend(MESSAGE, key.script);
    const bare = (version: number) =>
      newPsbt({ ...toSign(spend, []), version }, [{ derivations: key.keys }], [{ derivations: [] }]);
    const previous = [strippedBytes(spend)];
    const plain = (version: number) => () =>
      decodePlan({ base: toBase64(bare(version)), rungs: [{ feeUnits: "0" }] }, previous, view);
    expectRefusal(plain(0), TRANSACTION_VERSION);
    expectRefusal(plain(2), INPUT_WORTHLESS);
  });

  test("a message's virtual coin among a payment's inputs", () => {
    const key = deriveKey(single.descriptor, 0, 0);
    const spend = toSpend(MESSAGE, key.script);
    const hidden = editPsbt(base, (psbt) => {
      const first = psbt.unsigned.inputs[0] as Transaction["inputs"][number];
      const virtual = { ...first, txid: transactionId(spend), vout: 0 };
      psbt.unsigned = { ...psbt.unsigned, inputs: [...psbt.unsigned.inputs, virtual] };
      const origin = parsePsbt(
        newPsbt(toSign(spend, []), [{ derivations: key.keys }], [{ derivations: [] }]),
      );
      psbt.inputs = [...psbt.inputs, [...(origin.inputs[0]?.fields ?? [])]];
    });
    expectRefusal(() => read(hidden, [...pay.previous, strippedBytes(spend)]), INPUT_WORTHLESS);
  });

  test("an output that pays nobody", () => {
    const nobody = editPsbt(base, (psbt) => {
      psbt.unsigned = {
        ...psbt.unsigned,
        outputs: psbt.unsigned.outputs.map((output, i) =>
          i === 0 ? { units: 0n, script: Uint8Array.of(0x6a) } : output,
        ),
      };
      psbt.outputs = psbt.outputs.map((fields, i) => (i === 0 ? [] : fields));
    });
    expectRefusal(() => read(nobody), OUTPUT_UNKNOWN);
  });
});
