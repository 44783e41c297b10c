import { describe, expect, test } from "vitest";
import type { BuiltPlan, PlanBytes, WalletView } from "../../../../src/chains/adapter.ts";
import { PSBT_FIELD_REFUSED, PSBT_SIGNED } from "../../../../src/chains/bitcoin/allowed-fields.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveKey } from "../../../../src/chains/bitcoin/descriptor.ts";
import { CHANGE_INDEX } from "../../../../src/chains/bitcoin/outputs.ts";
import {
  INPUT_NOT_OURS,
  PREVIOUS_TRANSACTION_MISMATCH,
  PREVIOUS_TRANSACTION_MISSING,
} from "../../../../src/chains/bitcoin/owned-inputs.ts";
import {
  BASE_FEE_MISSTATED,
  CANCEL_CANNOT_REPLACE,
  CANCEL_TOO_CHEAP,
  CHANGE_DUST,
  CHANGE_MISSING,
  decodePlan,
  expandPlan,
  previousIds,
} from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { parsePsbt } from "../../../../src/chains/bitcoin/psbt.ts";
import {
  outputBytes,
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
} from "../../../../src/chains/bitcoin/transaction.ts";
import { fromBase64, toBase64, toHex } from "../../../../src/core/hex.ts";
import { editPsbt, field, type EditablePsbt } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  multisigWallet,
  payment,
  planOf,
  snapshotOf,
  testWallet,
  viewOf,
} from "../../../bitcoin/regtest-wallet.ts";

const coins = [
  { units: 60_000n, index: 1 },
  { units: 50_000n, index: 2 },
];
const rates = { feeRatesMilli: [2000n, 5000n, 10_000n] };

describe.each([
  ["one key", testWallet()],
  ["2 of 3 keys", multisigWallet()],
])("a compact plan of %s", (_, wallet) => {
  const view = viewOf(wallet);
  const plan = planOf([payment(80_000n)], view, snapshotOf(wallet, coins), rates);
  const base = fromBase64(plan.base);
  const edited = (edit: (psbt: EditablePsbt) => void): PlanBytes => ({
    ...plan,
    base: toBase64(editPsbt(base, edit)),
  });
  const attempt = (changes: Partial<BuiltPlan> | PlanBytes, by: WalletView = view) =>
    decodePlan({ ...plan, ...changes }, plan.previous, by);

  test("expands to what each attempt says of itself as a whole PSBT", () => {
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    const whole = expandPlan(plan, plan.previous, view);
    expect(rungs).toHaveLength(3);
    const decoded = whole.map((bytes) => decode(bytes, view));
    expect(decoded.slice(0, 3)).toEqual(rungs);
    // Of a cancel rung it is no news that nobody is paid; of a PSBT that comes alone it is.
    expect(decoded[3]?.warnings).toEqual(["nothing is paid to others", ...(cancel?.warnings ?? [])]);
    expect({ ...decoded[3], warnings: cancel?.warnings }).toEqual(cancel);
    for (const [i, bytes] of whole.entries()) {
      const { inputs, outputs, unsigned } = parsePsbt(bytes);
      expect(
        inputs.every(({ previousTransaction, previousOutput }) => previousTransaction && previousOutput),
      ).toBe(true);
      const isMultisig = wallet.descriptor.kind === "p2wsh-sortedmulti";
      expect(inputs.every(({ witnessScript }) => (witnessScript !== undefined) === isMultisig)).toBe(true);
      expect(outputs.filter(({ derivations }) => derivations.length > 0)).toHaveLength(1);
      expect(unsigned.outputs).toHaveLength(i < 3 ? 2 : 1);
    }
  });

  test("the change output alone bears what a rung costs more; the cancel rung pays ourselves alone", () => {
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    rungs.forEach(({ effects, fee, conflictKeys }, i) => {
      expect(fee.units.toString()).toBe(plan.rungs[i]?.feeUnits);
      expect(conflictKeys).toEqual(plan.conflictKeys);
      const change = effects.find((effect) => effect.type === "change")?.units ?? 0n;
      expect(change + fee.units).toBe(30_000n);
      expect(effects.filter(({ type }) => type === "pay")).toMatchObject([{ units: 80_000n }]);
    });
    expect(cancel?.effects).toMatchObject([
      { type: "change", index: 3, units: 110_000n - (cancel?.fee.units ?? 0n) },
    ]);
    expect(cancel?.conflictKeys).toEqual(plan.conflictKeys);
    expect(cancel?.fee.units).toBeGreaterThan(rungs[2]?.fee.units ?? 0n);
    const [first] = rungs;
    expect(cancel?.tx.unsigned).toMatchObject({ lockTime: 800, inputs: first?.tx.unsigned.inputs });
    expect(toHex(cancel?.tx.unsigned.outputs[0]?.script as Uint8Array)).toBe(
      toHex(deriveKey(wallet.descriptor, 1, 3).script),
    );
  });

  test("a base has one spelling: what can be computed is not carried, and no signature", () => {
    const { inputs, fields } = parsePsbt(base);
    expect(fields.map(({ type }) => type)).toEqual([0]);
    expect(new Set(inputs.flatMap((each) => each.fields.map(({ type }) => type)))).toEqual(new Set([6]));
    const parent = parseTransaction(plan.previous[0] as Uint8Array);
    const key = [2, ...new Uint8Array(32)];
    for (const extra of [
      field(0, strippedBytes(parent)),
      field(1, outputBytes(parent.outputs[1] as never)),
      field(3, [1, 0, 0, 0]),
      field(5, deriveKey(multisigWallet().descriptor, 0, 1).witnessScript ?? []),
      field(0xfc, [1], [1, 97]),
    ])
      expectRefusal(
        () => attempt(edited(({ inputs: [first] }) => void first?.push(extra))),
        PSBT_FIELD_REFUSED,
      );
    expectRefusal(
      () => attempt(edited(({ global }) => void global.push(field(0xfb, [0, 0, 0, 0])))),
      PSBT_FIELD_REFUSED,
    );
    expectRefusal(
      () => attempt(edited(({ outputs }) => void outputs[0]?.push(field(1, [0x51])))),
      PSBT_FIELD_REFUSED,
    );
    expectRefusal(
      () => attempt(edited(({ inputs: [first] }) => void first?.push(field(2, [0x30], key)))),
      PSBT_SIGNED,
    );
  });

  test("previous transactions are found by their bytes, in any order, and demanded (B1)", () => {
    const reversed = [...plan.previous].reverse();
    expect(decodePlan(plan, reversed, view)).toEqual(decodePlan(plan, plan.previous, view));
    const unneeded = strippedBytes({ ...parseTransaction(plan.previous[0] as Uint8Array), lockTime: 9 });
    expect(decodePlan(plan, [...plan.previous, unneeded], view).rungs).toHaveLength(3);
    expect(previousIds([unneeded])).toEqual([transactionId(parseTransaction(unneeded))]);
    expectRefusal(() => decodePlan(plan, plan.previous.slice(1), view), PREVIOUS_TRANSACTION_MISSING);
    const lied = plan.previous.map((bytes) => {
      const parent = parseTransaction(bytes);
      return strippedBytes({
        ...parent,
        outputs: parent.outputs.map((output) => ({ ...output, units: output.units + 1n })),
      });
    });
    expectRefusal(() => decodePlan(plan, lied, view), PREVIOUS_TRANSACTION_MISSING);
  });

  test("B18: changing the previous transactions afterwards changes nothing", () => {
    const previous = plan.previous.map((bytes) => Uint8Array.from(bytes));
    const decoded = decodePlan(plan, previous, view);
    for (const bytes of previous) bytes.fill(0xff);
    expect(decoded).toEqual(decodePlan(plan, plan.previous, view));
  });

  test("a base whose fee is not the first rung's is refused, and a rung that eats up the change", () => {
    const [first, second] = plan.rungs as [{ feeUnits: string }, { feeUnits: string }];
    expectRefusal(() => attempt({ rungs: [second] }), BASE_FEE_MISSTATED);
    expectRefusal(() => attempt({ rungs: [] }), BASE_FEE_MISSTATED);
    const dust = wallet.descriptor.kind === "p2wpkh" ? 294n : 330n;
    const { cancel: _, ...withoutCancel } = plan;
    const atDust = { feeUnits: (30_000n - dust).toString() };
    expect(decodePlan({ ...withoutCancel, rungs: [first, atDust] }, plan.previous, view).rungs).toHaveLength(
      2,
    );
    const belowDust = { feeUnits: (30_001n - dust).toString() };
    expectRefusal(
      () => decodePlan({ ...withoutCancel, rungs: [first, belowDust] }, plan.previous, view),
      CHANGE_DUST,
    );
    expectRefusal(() => attempt({ rungs: [first, { feeUnits: "40000" }] }), CHANGE_DUST);
  });

  test("a base without change has one rung", () => {
    const bare = edited((psbt) => {
      const at = parsePsbt(base).outputs.findIndex(({ derivations }) => derivations.length > 0);
      psbt.outputs.splice(at, 1);
      psbt.unsigned = { ...psbt.unsigned, outputs: psbt.unsigned.outputs.filter((_, i) => i !== at) };
    });
    const one = { ...bare, rungs: [{ feeUnits: "30000" }], cancel: { feeUnits: "32000", changeIndex: 3 } };
    expect(decodePlan(one, plan.previous, view).cancel?.fee.units).toBe(32_000n);
    expectRefusal(
      () => decodePlan({ ...one, rungs: [...one.rungs, { feeUnits: "31000" }] }, plan.previous, view),
      CHANGE_MISSING,
    );
  });

  test("B7: the cancel rung's index is bound like change; its fee must replace every rung", () => {
    const { cancel } = plan as { cancel: NonNullable<BuiltPlan["cancel"]> };
    const narrow = viewOf(wallet, 2, 10);
    expect(attempt({ cancel: { ...cancel, changeIndex: 12 } }, narrow).cancel?.effects[0]).toMatchObject({
      index: 12,
    });
    expectRefusal(() => attempt({ cancel: { ...cancel, changeIndex: 13 } }, narrow), CHANGE_INDEX);
    const cheaper = { ...cancel, feeUnits: (BigInt(cancel.feeUnits) - 1n).toString() };
    expectRefusal(() => attempt({ cancel: cheaper }), CANCEL_TOO_CHEAP);
    expectRefusal(() => attempt({ cancel: { ...cancel, feeUnits: "109800" } }), CHANGE_DUST);
  });

  test("B13: a cancel rung that could not replace the rungs is refused (BIP-125, rule 1)", () => {
    const withSequences = (sequence: (input: number) => number) =>
      edited((psbt) => {
        const inputs = psbt.unsigned.inputs.map((input, i) => ({ ...input, sequence: sequence(i) }));
        psbt.unsigned = { ...psbt.unsigned, inputs };
      });
    expectRefusal(() => attempt(withSequences(() => 0xffff_fffe)), CANCEL_CANNOT_REPLACE);
    expectRefusal(() => attempt(withSequences(() => 0xffff_ffff)), CANCEL_CANNOT_REPLACE);
    const one = attempt(withSequences((input) => (input === 0 ? 0xffff_fffd : 0xffff_ffff)));
    expect(one.cancel?.effects).toHaveLength(1);
  });

  test("B11: another wallet's base is refused", () => {
    const other = viewOf(wallet.descriptor.kind === "p2wpkh" ? testWallet("another") : multisigWallet(3));
    expectRefusal(() => decodePlan(plan, plan.previous, other), INPUT_NOT_OURS);
  });
});

test("a previous transaction with witnesses is refused, where its hash is what an input names", () => {
  const wallet = testWallet();
  const view = viewOf(wallet);
  const plan = planOf([payment(30_000n)], view, snapshotOf(wallet, [{ units: 60_000n }]));
  const parent = parseTransaction(plan.previous[0] as Uint8Array);
  const witnessed = transactionBytes({
    ...parent,
    inputs: parent.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(1)] })),
  });
  expectRefusal(() => decodePlan(plan, [witnessed], view), PREVIOUS_TRANSACTION_MISSING);
  const [id] = previousIds([witnessed]);
  const base = editPsbt(fromBase64(plan.base), (psbt) => {
    psbt.unsigned = {
      ...psbt.unsigned,
      inputs: psbt.unsigned.inputs.map((input) => ({ ...input, txid: id as never })),
    };
  });
  expectRefusal(
    () => decodePlan({ ...plan, base: toBase64(base) }, [witnessed], view),
    PREVIOUS_TRANSACTION_MISMATCH,
  );
});
