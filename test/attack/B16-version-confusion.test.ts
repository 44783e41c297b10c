/**
 * B16: bytes that a reader of PSBT version 0 and one of version 2 understand as two transactions. BIP-370's 24 cases that
 * must be rejected, its rules that have no published case, and version 2 where a signer reads.
 */
import { asPsbtV0, asPsbtV2 } from "../../src/chains/bitcoin/psbt-v2-convert.ts";
import { parsePsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { strippedBytes } from "../../src/chains/bitcoin/transaction.ts";
import { uint32 } from "../../src/chains/bitcoin/wire.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { dropField, editPsbtV2, setField, type EditablePsbtV2 } from "../bitcoin/edit-psbt-v2.ts";
import { editPsbt, field, type EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { goodPsbt, testWallet } from "../bitcoin/regtest-wallet.ts";
import { offered, onePayment, withPlan } from "./one-payment.ts";
import { pair, type Pair } from "./pair.ts";

const GOOD_V0 = goodPsbt(testWallet());
const GOOD_V2 = asPsbtV2(GOOD_V0);
const { unsigned } = parsePsbt(GOOD_V0);

/** "read", or what is wrong and with which field. */
const judgedBy = (parse: (bytes: Uint8Array) => unknown) => (bytes: Uint8Array) => {
  try {
    parse(bytes);
    return "read";
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return `${error.code} ${error.field}`;
  }
};
const readV0 = judgedBy((bytes) => parsePsbt(bytes));
const readV2 = judgedBy((bytes) => parsePsbtV2(bytes));

type Said = Pick<Pair<Uint8Array>, "refused" | "removes"> & { readonly without?: string };

function inV0(name: string, edit: (psbt: EditablePsbt) => void, said: Said): void {
  pair<Uint8Array>("B16", name, {
    good: () => GOOD_V0,
    bad: (good) => editPsbt(good, edit),
    judge: readV0,
    accepted: "read",
    without: "read",
    ...said,
  });
}

/** @param before what the twin has, and the attack too */
function inV2(
  name: string,
  edit: (psbt: EditablePsbtV2) => void,
  said: Said,
  before: (psbt: EditablePsbtV2) => void = () => {},
): void {
  pair<Uint8Array>("B16", name, {
    good: () => editPsbtV2(GOOD_V2, before),
    bad: (good) => editPsbtV2(good, edit),
    judge: readV2,
    accepted: "read",
    without: "read",
    ...said,
  });
}

const first = <T>(list: readonly T[]): T => list[0] as T;
const le32 = (value: number) => [...uint32(value)];
const AMOUNT = [0, 8, 0xaf, 0x2f, 0, 0, 0, 0];
const TXID = new Array<number>(32).fill(7);

// Thirteen cases of BIP-370: version 0, but for one field. Twin: without the field.
inV0(
  "a PSBT with an unsigned transaction says it is of version 2",
  ({ global }) => global.push(field(0xfb, le32(2))),
  { refused: "PSBT_VERSION PSBT", removes: ["a signer takes PSBT version 0 alone"] },
);
const OF_VERSION_2 = [
  ["global", 0x02, le32(2), "transaction version"],
  ["global", 0x03, le32(2), "fallback lock time"],
  ["global", 0x04, [2], "input count"],
  ["global", 0x05, [2], "output count"],
  ["global", 0x06, [0], "modifiable flags"],
  ["input 0", 0x0e, TXID, "previous transaction id"],
  ["input 0", 0x0f, le32(0), "output index"],
  ["input 0", 0x10, le32(0xffff_ffff), "sequence"],
  ["input 0", 0x11, le32(1_657_048_460), "required time lock"],
  ["input 0", 0x12, le32(10_000), "required height lock"],
  ["output 0", 0x03, AMOUNT, "amount"],
  ["output 0", 0x04, [0x51], "script"],
] as const;
for (const [where, type, value, name] of OF_VERSION_2) {
  inV0(
    `version 0 has a second ${name}, from version 2`,
    ({ global, inputs, outputs }) =>
      first(where === "global" ? [global] : where === "input 0" ? inputs : outputs).push(field(type, value)),
    { refused: `PSBT_MALFORMED ${where} ${name}`, removes: ["a field of the other PSBT version is refused"] },
  );
}

// Eleven cases of BIP-370: version 2, but for one field.
const DEMANDED = [
  ["global map", "global", 0x02, "transaction version", "read"],
  ["global map", "global", 0x04, "input count", "PSBT_MALFORMED key of output 0 taproot tree"],
  ["global map", "global", 0x05, "output count", "PSBT_MALFORMED PSBT"],
  ["input 0", "input", 0x0e, "previous transaction id", "read"],
  ["input 0", "input", 0x0f, "output index", "read"],
  ["output 0", "output", 0x03, "amount", "read"],
  ["output 0", "output", 0x04, "script", "read"],
] as const;
for (const [where, kind, type, name, without] of DEMANDED) {
  inV2(
    `version 2 has no ${name}`,
    ({ global, inputs, outputs }) =>
      dropField(first(kind === "global" ? [global] : kind === "input" ? inputs : outputs), type),
    { refused: `PSBT_MALFORMED ${where}`, removes: ["PSBT version 2 has what it demands"], without },
  );
}
inV2(
  "version 2 has an unsigned transaction too",
  ({ global }) => setField(global, 0x00, [...strippedBytes(unsigned)]),
  {
    refused: "PSBT_MALFORMED global unsigned transaction",
    removes: ["a field of the other PSBT version is refused"],
    without: "PSBT_MALFORMED PSBT",
  },
);
const lock = (type: number, value: number) => (psbt: EditablePsbtV2) =>
  setField(first(psbt.inputs), type, le32(value));
const LOCKS = [
  ["a required time that is a block height", 0x11, 499_999_999, 500_000_000, "required time lock"],
  ["a required height that is a time", 0x12, 500_000_000, 499_999_999, "required height lock"],
  ["a required height of nothing", 0x12, 0, 1, "required height lock"],
] as const;
for (const [name, type, bad, good, label] of LOCKS) {
  inV2(
    name,
    lock(type, bad),
    {
      refused: `PSBT_MALFORMED input 0 ${label}`,
      removes: ["a required lock is of the kind that its field says"],
    },
    lock(type, good),
  );
}

// Rules of BIP-370 and BIP-174 without a published case.
inV2(
  "two inputs require lock times of two kinds",
  (psbt) => setField(psbt.inputs[1] ?? [], 0x12, le32(10_000)),
  {
    refused: "PSBT_LOCK_TIME PSBT",
    removes: ["required locks of both kinds are no lock time"],
  },
  lock(0x11, 1_657_048_460),
);
for (const version of [1, 3]) {
  inV2(`a version ${version} that does not exist`, ({ global }) => setField(global, 0xfb, le32(version)), {
    refused: "PSBT_VERSION PSBT",
    removes: ["there is no other PSBT version", "PSBT version 2 is read as such"],
  });
}
const KEYED = [
  ["global", 0xfb, le32(2), "global version"],
  ["global", 0x06, [0], "global modifiable flags"],
  ["input", 0x10, le32(0), "input 0 sequence"],
  ["output", 0x03, [1, 0, 0, 0, 0, 0, 0, 0], "output 0 amount"],
] as const;
for (const [kind, type, value, label] of KEYED) {
  inV2(
    `a second ${label} whose key has data behind its type`,
    ({ global, inputs, outputs }) =>
      first(kind === "global" ? [global] : kind === "input" ? inputs : outputs).push(field(type, value, [0])),
    { refused: `PSBT_MALFORMED key of ${label}`, removes: ["a PSBT field has the key data that it should"] },
  );
}
inV2("an input count in a longer spelling", ({ global }) => setField(global, 0x04, [0xfd, 2, 0]), {
  refused: "PSBT_MALFORMED global input count",
  removes: ["a length has its shortest form"],
});
inV2("an output count with a byte behind it", ({ global }) => setField(global, 0x05, [2, 0]), {
  refused: "PSBT_MALFORMED global output count",
  removes: ["a PSBT field ends where its content does"],
});
inV2("fewer outputs counted than there are", ({ global }) => setField(global, 0x05, [1]), {
  refused: "PSBT_MALFORMED PSBT",
  removes: ["nothing stands behind the last map"],
});
inV2("two bytes of modifiable flags", ({ global }) => setField(global, 0x06, [3, 0]), {
  refused: "PSBT_MALFORMED global modifiable flags",
  removes: ["a PSBT field is as long as it should"],
});
inV2("a negative amount", ({ outputs }) => setField(first(outputs), 0x03, new Array<number>(8).fill(0xff)), {
  refused: "PSBT_MALFORMED output 0 amount",
  removes: ["an amount of PSBT version 2 exists"],
  without: "TRANSACTION_MALFORMED unsigned transaction",
});
inV2("two amounts of one output", ({ outputs }) => first(outputs).push(field(0x03, AMOUNT)), {
  refused: "PSBT_MALFORMED PSBT",
  removes: ["a key stands in a map once"],
});

// Where a signer reads there is no version 2, whatever it says; the same transaction in version 0 is signed.
pair("B16", "the base of an approved plan is of version 2", {
  good: () => withPlan(onePayment(), ({ base }) => ({ base: toBase64(asPsbtV0(fromBase64(base))) })),
  bad: (papers) => withPlan(papers, ({ base }) => ({ base: toBase64(asPsbtV2(fromBase64(base))) })),
  judge: offered,
  accepted: "signed",
  refused: "G5 PSBT_VERSION",
  removes: ["a signer takes PSBT version 0 alone"],
  without: "G5 PSBT_MALFORMED",
});
