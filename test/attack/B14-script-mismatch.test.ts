/**
 * B14: a script beside an input that is not the one its coin commits to, at any level: redeem script, witness script,
 * taproot key, leaf. We compute scripts; what is claimed must be equal.
 */
import type { DescriptorKind } from "../../src/chains/bitcoin/descriptor.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { changed, editPsbt, field, replaced } from "../bitcoin/edit-psbt.ts";
import { goodPsbt, viewOf, walletOfKind } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import { offered, onePayment, withBase } from "./one-payment.ts";
import { pair, type Pair } from "./pair.ts";

type Edit = (value: Uint8Array) => Uint8Array;

/** A whole PSBT of a wallet of `kind` whose first input has field `type` as `edit` makes it. */
function changedField(
  kind: DescriptorKind,
  type: number,
  edit: Edit,
): Pick<Pair<Uint8Array>, "good" | "bad" | "judge" | "accepted" | "without"> {
  const wallet = walletOfKind(kind);
  const view = viewOf(wallet);
  return {
    good: () => goodPsbt(wallet),
    bad: (bytes) =>
      editPsbt(bytes, (psbt) => {
        psbt.inputs = changed(psbt.inputs, 0, (fields) =>
          replaced(fields, type, ({ value, keyData }) => field(type, edit(value), keyData)),
        );
      }),
    judge: (bytes) => codeOf(() => decode(bytes, view)),
    accepted: "none",
    without: "none",
  };
}

const lastByte: Edit = (value) => value.map((byte, place) => (place === value.length - 1 ? byte ^ 1 : byte));
/** 1 of 3 instead of 2 of 3: OP_1 for OP_2 in front. */
const oneOf: Edit = (value) => value.map((byte, place) => (place === 0 ? 0x51 : byte));

pair("B14", "a witness script says 1 of 3 where the coin says 2 of 3", {
  ...changedField("p2wsh-sortedmulti", 5, oneOf),
  refused: "WITNESS_SCRIPT_MISMATCH",
  removes: ["a claimed script is the descriptor's"],
  without: "none",
});

pair("B14", "a nested witness script says 1 of 3", {
  ...changedField("p2sh-p2wsh-sortedmulti", 5, oneOf),
  refused: "WITNESS_SCRIPT_MISMATCH",
  removes: ["a claimed script is the descriptor's"],
  without: "none",
});

pair("B14", "a redeem script is another than the address commits to", {
  ...changedField("p2sh-p2wsh-sortedmulti", 4, lastByte),
  refused: "REDEEM_SCRIPT_MISMATCH",
  removes: ["a claimed script is the descriptor's"],
  without: "none",
});

pair("B14", "a redeem script of one key is that of another key", {
  ...changedField("p2sh-p2wpkh", 4, lastByte),
  refused: "REDEEM_SCRIPT_MISMATCH",
  removes: ["a claimed script is the descriptor's"],
  without: "none",
});

pair("B14", "a taproot leaf asks for one signature where the coin asks for two", {
  // OP_2 OP_NUMEQUAL and the leaf version behind it.
  ...changedField("p2tr-sortedmulti", 0x15, (value) =>
    value.map((byte, place) => (place === value.length - 3 ? 0x51 : byte)),
  ),
  refused: "TAPROOT_MISMATCH",
  removes: ["a claimed script is the descriptor's"],
  without: "none",
});

pair("B14", "a plan's base brings a witness script of its own along", {
  good: onePayment,
  bad: (papers) =>
    withBase(papers, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) => [...fields, field(5, [0x51])]);
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 PSBT_FIELD_REFUSED",
  removes: ["fields that have no meaning are refused"],
  without: "signed",
});
