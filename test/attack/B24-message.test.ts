/** BIP-322: a message is signed by exactly one transaction, which can pay nobody; what nearly looks so is refused (B24). */
import { describe, expect, test } from "vitest";
import type { PlanBytes } from "../../src/chains/adapter.ts";
import { build } from "../../src/chains/bitcoin/build.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveKey } from "../../src/chains/bitcoin/descriptor.ts";
import { combine, SIGNATURES_INCOMPLETE } from "../../src/chains/bitcoin/finalize.ts";
import { COINS_NONE, COINS_TOO_MANY } from "../../src/chains/bitcoin/message-build.ts";
import {
  MESSAGE_REFUSED,
  MESSAGE_RUNGS,
  MESSAGE_TRANSACTION,
} from "../../src/chains/bitcoin/message-plan.ts";
import { messageSignature } from "../../src/chains/bitcoin/message-signature.ts";
import { INPUT_DUPLICATE, INPUT_NOT_OURS, INPUT_WORTHLESS } from "../../src/chains/bitcoin/owned-inputs.ts";
import { PSBT_FIELD_REFUSED } from "../../src/chains/bitcoin/allowed-fields.ts";
import { decodePlan, expandPlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { PSBT_MALFORMED } from "../../src/chains/bitcoin/psbt-codec.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { strippedBytes, transactionId, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { toSign, toSpend } from "../../src/chains/bitcoin/virtual-transactions.ts";
import { AssertionError, CustodyError } from "../../src/core/errors.ts";
import { fromBase64, toBase64, toHex, utf8 } from "../../src/core/hex.ts";
import { MESSAGE_UNSIGNABLE } from "../../src/core/signed-message.ts";
import { changed, editPsbt, field, replaced, type EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { optionsOf, signAll, snapshotOf, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { MESSAGE, single, shared, coins, attest } from "../bitcoin/attest.ts";

describe.each([
  ["p2wpkh", single],
  ["2-of-3 p2wsh", shared],
] as const)("%s", (_, wallet) => {
  const view = viewOf(wallet);

  test("the first receive address answers, nothing moves, and what is shown is not competed for", () => {
    const plan = attest(wallet, true);
    const spend = toSpend(MESSAGE, deriveKey(wallet.descriptor, 0, 0).script);
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    expect([rungs.length, cancel]).toEqual([1, undefined]);
    const [attempt] = rungs;
    expect(attempt?.effects).toMatchObject([{ type: "attest", message: MESSAGE }]);
    expect(attempt?.fee.units).toBe(0n);
    expect(attempt?.conflictKeys).toEqual(plan.conflictKeys);
    expect(plan.conflictKeys.map((key) => key.split(":outpoint:")[1])).toEqual([`${transactionId(spend)}:0`]);
    expect(attempt?.inputs.map(({ units, path }) => [units, path.split("/").slice(-2).join("/")])).toEqual([
      ["0", "0/0"],
      ["60000", "0/7"],
      ["40000", "1/2"],
    ]);
  });

  test("signed by enough keys it is a text, and never a transaction to send", () => {
    for (const shown of [false, true]) {
      const plan = attest(wallet, shown);
      const [attempt] = decodePlan(plan, plan.previous, view).rungs;
      const tx = (attempt as NonNullable<typeof attempt>).tx;
      const signing = wallet.seeds.slice(0, wallet.descriptor.threshold);
      const signatures = signAll(wallet, tx, signing);
      verifySignatures(tx, signatures);
      expect(messageSignature(tx, signatures).slice(0, 3)).toBe(shown ? "pof" : "smp");
      expect(() => combine(tx, signatures)).toThrow(AssertionError);
      expectRefusal(() => messageSignature(tx, signatures.slice(1)), SIGNATURES_INCOMPLETE);
    }
  });

  test("a proof of funds is a finalised PSBT that says what each input was worth", () => {
    const plan = attest(wallet, true);
    const [attempt] = decodePlan(plan, plan.previous, view).rungs;
    const { tx } = attempt as NonNullable<typeof attempt>;
    const text = messageSignature(tx, signAll(wallet, tx));
    const psbt = parsePsbt(fromBase64(text.slice(3)));
    expect(transactionId(psbt.unsigned)).toBe(attempt?.transaction);
    expect(psbt.inputs.map(({ finalised, previousOutput }) => [finalised, previousOutput?.units])).toEqual([
      [true, 0n],
      [true, 60_000n],
      [true, 40_000n],
    ]);
    expect(psbt.inputs.every(({ fields }) => fields.map(({ type }) => type).join() === "1,8")).toBe(true);
  });

  test("other makers' signers get the message in field 0x09, with everything that they ask for", () => {
    const plan = attest(wallet, true);
    const [whole] = expandPlan(plan, plan.previous, view);
    const psbt = parsePsbt(whole as Uint8Array);
    expect(psbt.fields.map(({ type }) => type)).toEqual([0x00, 0x09]);
    expect(toHex(psbt.fields[1]?.value ?? new Uint8Array())).toBe(toHex(utf8(MESSAGE)));
    psbt.inputs.forEach(({ previousTransaction, witnessScript, derivations }, i) => {
      expect(transactionId(previousTransaction as Transaction)).toBe(psbt.unsigned.inputs[i]?.txid);
      expect(witnessScript === undefined).toBe(wallet === single);
      expect(derivations).toHaveLength(wallet.seeds.length);
    });
    // As a payment it is nothing.
    expectRefusal(() => decode(whole as Uint8Array, view), PSBT_FIELD_REFUSED);
  });
});

describe("B24: what nearly signs a message", () => {
  const view = viewOf(single);
  const plan = attest(single, true);
  const base = fromBase64(plan.base);
  const read = (edited: Uint8Array, changes: Partial<PlanBytes> = {}, previous = plan.previous) =>
    decodePlan({ ...plan, base: toBase64(edited), ...changes }, previous, view);
  const edit = (change: (psbt: EditablePsbt) => void) => () => read(editPsbt(base, change));
  const transaction = (change: (unsigned: Transaction) => Transaction) =>
    edit((psbt) => (psbt.unsigned = change(psbt.unsigned)));
  const input = (place: number, change: Partial<Transaction["inputs"][number]>) =>
    transaction((unsigned) => ({
      ...unsigned,
      inputs: changed([...unsigned.inputs], place, (each) => ({ ...each, ...change })),
    }));
  const payingOut = { units: 1_000n, script: deriveKey(single.descriptor, 1, 0).script };

  test("as it was built it is read", () => {
    expect(read(base).rungs).toHaveLength(1);
    expect(edit(() => {})().rungs).toHaveLength(1);
  });

  test.each([
    ["version 2", transaction((unsigned) => ({ ...unsigned, version: 2 }))],
    ["a lock time", transaction((unsigned) => ({ ...unsigned, lockTime: 1 }))],
    ["a sequence of the first input", input(0, { sequence: 1 })],
    ["a sequence of a coin", input(1, { sequence: 0xffff_fffd })],
    [
      "an output that is worth something",
      transaction((unsigned) => ({ ...unsigned, outputs: [{ units: 1n, script: Uint8Array.of(0x6a) }] })),
    ],
    [
      "an output that says something",
      transaction((unsigned) => ({
        ...unsigned,
        outputs: [{ units: 0n, script: Uint8Array.of(0x6a, 1, 1) }],
      })),
    ],
    ["an output to an address", transaction((unsigned) => ({ ...unsigned, outputs: [payingOut] }))],
    ["another coin first", input(0, { vout: 1 })],
    [
      "its coins alone",
      edit((psbt) => {
        psbt.unsigned = { ...psbt.unsigned, inputs: psbt.unsigned.inputs.slice(1) };
        psbt.inputs = psbt.inputs.slice(1);
      }),
    ],
    [
      "another message than it was made for",
      edit((psbt) => (psbt.global = replaced(psbt.global, 0x09, () => field(0x09, utf8(`${MESSAGE}.`))))),
    ],
    [
      "the virtual coin of another address of ours",
      edit((psbt) => {
        const spend = toSpend(MESSAGE, deriveKey(single.descriptor, 0, 1).script);
        psbt.unsigned = toSign(spend, psbt.unsigned.inputs.slice(1));
      }),
    ],
  ])("%s", (_name, run) => void expectRefusal(run, MESSAGE_TRANSACTION));

  test("an output more", () => {
    const more = transaction((unsigned) => ({ ...unsigned, outputs: [...unsigned.outputs, payingOut] }));
    expectRefusal(
      edit((psbt) => {
        psbt.unsigned = { ...psbt.unsigned, outputs: [...psbt.unsigned.outputs, payingOut] };
        psbt.outputs = [...psbt.outputs, []];
      }),
      MESSAGE_TRANSACTION,
    );
    expectRefusal(more, PSBT_MALFORMED);
  });

  test.each([
    ["\n", "a line break"],
    ["\u00e4", "a letter of two bytes"],
    ["", "none at all"],
    [" x", "a space before it"],
    ["a   b", "three spaces"],
    ["x".repeat(331), "more than a screen shows"],
  ])("a message that people cannot read as one thing: %j, %s", (text) => {
    const said = edit((psbt) => (psbt.global = replaced(psbt.global, 0x09, () => field(0x09, utf8(text)))));
    expectRefusal(said, MESSAGE_REFUSED);
    expectRefusal(() => attest(single, true, text), MESSAGE_UNSIGNABLE);
  });

  test.each(["ab", "a  b", "x".repeat(330), "~ !"])("%j is one", (text) => {
    const good = attest(single, false, text);
    expect(decodePlan(good, [], view).rungs[0]?.effects).toMatchObject([{ message: text }]);
  });

  test("a message with key data, or twice, is no field of a PSBT", () => {
    const twice = edit((psbt) => psbt.global.push(field(0x09, utf8("another"))));
    const keyed = edit((psbt) => (psbt.global = [field(0x09, utf8(MESSAGE), [1])]));
    expectRefusal(twice, PSBT_MALFORMED);
    expectRefusal(keyed, PSBT_MALFORMED);
  });

  test("fields that a base leaves out", () => {
    const sighash = edit((psbt) => psbt.inputs[0]?.push(field(0x03, [0x83, 0, 0, 0])));
    const claims = edit((psbt) =>
      psbt.outputs[0]?.push(...(psbt.inputs[0] ?? []).map((each) => ({ ...each, type: 2 }))),
    );
    expectRefusal(sighash, PSBT_FIELD_REFUSED);
    expectRefusal(claims, PSBT_FIELD_REFUSED);
  });

  test("a fee, a second rung, a cancel rung", () => {
    expectRefusal(() => read(base, { rungs: [{ feeUnits: "1" }] }), MESSAGE_RUNGS);
    expectRefusal(() => read(base, { rungs: [{ feeUnits: "0" }, { feeUnits: "0" }] }), MESSAGE_RUNGS);
    expectRefusal(() => read(base, { cancel: { feeUnits: "500", changeIndex: 0 } }), MESSAGE_RUNGS);
  });

  test("coins that are not ours, shown twice, or not what their transaction says", () => {
    const foreign = snapshotOf(testWallet("somebody else"), [{ units: 5_000n }]);
    const [coin] = foreign.coins;
    const parent = new Uint8Array(Buffer.from(foreign.parents[0] as string, "hex"));
    const shown = editPsbt(base, (psbt) => {
      const first = psbt.unsigned.inputs[0] as Transaction["inputs"][number];
      psbt.unsigned = {
        ...psbt.unsigned,
        inputs: [...psbt.unsigned.inputs, { ...first, txid: coin?.txid as never, vout: 1 }],
      };
      psbt.inputs = [...psbt.inputs, [...(psbt.inputs[1] ?? [])]];
    });
    expectRefusal(() => read(shown, {}, [...plan.previous, parent]), INPUT_NOT_OURS);
    const twice = edit((psbt) => {
      const coinInput = psbt.unsigned.inputs[1] as Transaction["inputs"][number];
      psbt.unsigned = { ...psbt.unsigned, inputs: [...psbt.unsigned.inputs, coinInput] };
      psbt.inputs = [...psbt.inputs, [...(psbt.inputs[1] ?? [])]];
    });
    expectRefusal(twice, INPUT_DUPLICATE);
  });

  test("a second message hidden among the coins: its virtual coin is worth nothing", () => {
    const other = toSpend("we owe everything", deriveKey(single.descriptor, 0, 0).script);
    const hidden = editPsbt(base, (psbt) => {
      const first = psbt.unsigned.inputs[0] as Transaction["inputs"][number];
      psbt.unsigned = {
        ...psbt.unsigned,
        inputs: [...psbt.unsigned.inputs, { ...first, txid: transactionId(other) }],
      };
      psbt.inputs = [...psbt.inputs, [...(psbt.inputs[0] ?? [])]];
    });
    expectRefusal(() => read(hidden, {}, [...plan.previous, strippedBytes(other)]), INPUT_WORTHLESS);
  });

  test("no byte of a base can be another", () => {
    const bare = attest(single, false);
    const bytes = fromBase64(bare.base);
    const passing = [...bytes.keys()].filter((place) => {
      const other = Uint8Array.from(bytes);
      other[place] = (bytes[place] as number) ^ 1;
      try {
        return decodePlan({ ...bare, base: toBase64(other) }, [], view).rungs.length > 0;
      } catch (error) {
        if (error instanceof CustodyError) return false;
        throw error;
      }
    });
    expect(passing).toEqual([]);
    expect(decodePlan(bare, [], view).rungs).toHaveLength(1);
  });

  test("what the signer computes is not carried", () => {
    const spend = toSpend(MESSAGE, deriveKey(single.descriptor, 0, 0).script);
    expectRefusal(() => read(base, {}, [...plan.previous, strippedBytes(spend)]), MESSAGE_TRANSACTION);
  });

  test("a wallet with more coins than one transaction takes", () => {
    const one = snapshotOf(single, coins);
    const many = { ...one, coins: Array.from({ length: 2000 }, () => one.coins[0] as never) };
    const show = (shown: boolean) =>
      build({ type: "attest", message: MESSAGE, coins: shown }, view, many, optionsOf(one));
    expectRefusal(() => show(true), COINS_TOO_MANY);
    expect(show(false).previous).toEqual([]);
  });

  test("a wallet without coins shows none; a coin of nothing shows nothing", () => {
    const shownOf = (listed: readonly { readonly units: bigint }[]) => {
      const snapshot = snapshotOf(single, listed);
      return build({ type: "attest", message: MESSAGE, coins: true }, view, snapshot, optionsOf(snapshot));
    };
    expectRefusal(() => shownOf([]), COINS_NONE);
    expectRefusal(() => shownOf([{ units: 0n }]), COINS_NONE);
    const some = shownOf([{ units: 0n }, { units: 1n }]);
    expect(decodePlan(some, some.previous, view).rungs[0]?.inputs.map(({ units }) => units)).toEqual([
      "0",
      "1",
    ]);
  });
});
