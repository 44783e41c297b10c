/**
 * B15: fields that nobody here understands, as a covert channel or because another reader gives them a meaning; and a key
 * that stands twice, of which two readers take another. Kept and listed where one inspects, refused where one signs.
 */
import { expect, test } from "vitest";
import { PSBT_FIELD_REFUSED, PSBT_SIGNED } from "../../src/chains/bitcoin/allowed-fields.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { inspectBitcoin } from "../../src/chains/bitcoin/inspect.ts";
import { PSBT_MALFORMED, type PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { parsePsbt, PSBT_VERSION, serialisePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { toHex } from "../../src/core/hex.ts";
import { editPsbt, field } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { offered, onePayment, withBase } from "./one-payment.ts";
import { pair } from "./pair.ts";

const proprietary = field(0xfc, [1], [3, 97, 98, 99, 0]);

pair("B15", "a plan's base carries a proprietary field", {
  good: onePayment,
  bad: (papers) => withBase(papers, ({ inputs }) => void inputs[0]?.push(proprietary)),
  judge: offered,
  accepted: "signed",
  refused: "G8 PSBT_FIELD_REFUSED",
  removes: ["fields that have no meaning are refused"],
  without: "signed",
});

pair("B15", "a plan's base has two unsigned transactions", {
  good: onePayment,
  bad: (papers) => withBase(papers, ({ global }) => void global.push(field(0, [0]))),
  judge: offered,
  accepted: "signed",
  refused: "G5 PSBT_MALFORMED",
  removes: ["a key stands in a map once"],
  without: "signed",
});

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const key = [2, ...new Uint8Array(32)];

const withGlobal = (extra: PsbtField) => editPsbt(good, ({ global }) => void global.push(extra));
const withInput = (extra: PsbtField) => editPsbt(good, ({ inputs }) => void inputs[0]?.push(extra));
const withOutput = (extra: PsbtField) => editPsbt(good, ({ outputs }) => void outputs[0]?.push(extra));

test("accepts the fields that it reads, version 0 included", () => {
  expect(decode(withGlobal(field(0xfb, [0, 0, 0, 0])), view)).toEqual(decode(good, view));
});

test("B15: unknown and proprietary fields are kept and listed by inspect, and refused for signing", () => {
  for (const bytes of [
    withGlobal(field(0xf0, [1])),
    withInput(field(0xfc, [1], [3, 97, 98, 99, 0])),
    withOutput(field(0x7f, [])),
  ]) {
    expect(toHex(serialisePsbt(parsePsbt(bytes)))).toBe(toHex(bytes));
    expect(inspectBitcoin(bytes, "regtest").warnings.join()).toContain("kept and not understood");
    expectRefusal(() => decode(bytes, view), PSBT_FIELD_REFUSED);
  }
});

test("B14: scripts and taproot data have no place in a P2WPKH transaction", () => {
  for (const extra of [field(4, [0x51]), field(5, [0x51]), field(0x17, new Uint8Array(32))]) {
    expectRefusal(() => decode(withInput(extra), view), PSBT_FIELD_REFUSED);
  }
});

test("a request's rung carries no signatures", () => {
  for (const extra of [
    field(2, [0x30], key),
    field(7, [0]),
    field(8, [1, 0]),
    field(0x13, new Uint8Array(64)),
  ]) {
    expectRefusal(() => decode(withInput(extra), view), PSBT_SIGNED);
  }
});

test("B15: a key that stands twice", () => {
  expectRefusal(() => parsePsbt(withInput(field(1, [0]))), PSBT_MALFORMED);
  expectRefusal(() => parsePsbt(withGlobal(field(0, [0]))), PSBT_MALFORMED);
});

test("B16: version 2 and its fields in version 0", () => {
  expectRefusal(() => decode(withGlobal(field(0xfb, [2, 0, 0, 0])), view), PSBT_VERSION);
  expectRefusal(() => decode(withGlobal(field(0x04, [1])), view), PSBT_MALFORMED);
  expectRefusal(() => decode(withInput(field(0x0f, [0, 0, 0, 0])), view), PSBT_MALFORMED);
  expectRefusal(() => decode(withOutput(field(0x03, new Uint8Array(8))), view), PSBT_MALFORMED);
});
