/**
 * What other makers' code says to our wallets and PSBTs: embit (SeedSigner, Krux, Specter-DIY) derives, signs; HWI, by
 * Bitcoin Core's own people, converts between the versions. Where pip could not fetch them these tests are skipped.
 */
import { describe, expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveKey, type Branch } from "../../src/chains/bitcoin/descriptor.ts";
import { combine, isComplete } from "../../src/chains/bitcoin/finalize.ts";
import { KINDS } from "../../src/chains/bitcoin/kinds/table.ts";
import { partialSignatures } from "../../src/chains/bitcoin/partial.ts";
import { asPsbtV0, asPsbtV2 } from "../../src/chains/bitcoin/psbt-v2-convert.ts";
import { parsePsbtV2, type PsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { fromBase64, toBase64, toHex } from "../../src/core/hex.ts";
import { goodPsbt, signAll, viewOf, walletOfKind, type TestSeed } from "../bitcoin/regtest-wallet.ts";
import { askPython, EMBIT, isInstalled } from "../makers/embit.ts";
import { LEDGER } from "../makers/ledger.ts";
import { SCURE } from "../makers/scure.ts";

const ALL = KINDS.map(({ kind }) => kind);
/** embit 0.8 has no sortedmulti_a. */
const EMBIT_KINDS = ALL.filter((kind) => kind !== "p2tr-sortedmulti");

describe.skipIf(!isInstalled("embit")).each(EMBIT_KINDS)("embit, %s", (kind) => {
  const places: readonly (readonly [Branch, number])[] = [
    [0, 0],
    [0, 7],
    [1, 3],
    [1, 2_000],
  ];

  test("derives the scripts that we derive", () => {
    const { descriptor } = walletOfKind(kind);
    const ours = places.map(([branch, index]) => toHex(deriveKey(descriptor, branch, index).script));
    const [body = ""] = descriptor.text.split("#");
    expect(askPython("embit_scripts.py", { descriptor: body, places })).toEqual(ours);
  });
});

const COSIGNERS = [
  ...ALL.map((kind) => ({ maker: SCURE, kind })),
  { maker: LEDGER, kind: "p2wsh-sortedmulti" as const },
  { maker: LEDGER, kind: "p2tr" as const },
  // Of one taproot key embit gives back a finalised input; a wallet of one key that is not ours is no wallet of ours.
  ...(isInstalled("embit")
    ? EMBIT_KINDS.filter((kind) => kind !== "p2tr").map((kind) => ({ maker: EMBIT, kind }))
    : []),
];

describe.each(COSIGNERS)("$maker.name cosigns $kind", ({ maker, kind }) => {
  const wallet = walletOfKind(kind);
  const psbt = goodPsbt(wallet);
  const { tx, transaction } = decode(psbt, viewOf(wallet));
  const [theirs, ours] = wallet.seeds as readonly [TestSeed, TestSeed | undefined];

  test("its signatures are verified one by one, and complete the payment with ours", () => {
    const back = maker.cosign(maker.version === 2 ? asPsbtV2(psbt) : psbt, theirs);
    const partial = partialSignatures(asPsbtV0(back));
    expect(partial.transaction).toBe(transaction);
    expect(partial.signatures).toHaveLength(tx.inputs.length);
    verifySignatures(tx, partial.signatures);
    expect(isComplete(tx, partial.signatures)).toBe(wallet.descriptor.threshold === 1);
    const all = [...partial.signatures, ...(ours === undefined ? [] : signAll(wallet, tx, [ours]))];
    expect(isComplete(tx, all)).toBe(true);
    expect(combine(tx, all).length).toBeGreaterThan(psbt.length / 8);
  });
});

describe.skipIf(!isInstalled("hwilib")).each(ALL)("HWI, %s", (kind) => {
  const psbt = goodPsbt(walletOfKind(kind));
  const view = viewOf(walletOfKind(kind));
  const asVersion2 = (bytes: Uint8Array) =>
    fromBase64((askPython("hwi_version_2.py", { psbt: toBase64(bytes) }) as { psbt: string }).psbt);

  test("reads both versions that we write, and we read the version 2 that it writes", () => {
    const converted = asVersion2(psbt);
    expect(decode(asPsbtV0(converted), view)).toEqual(decode(psbt, view));
    // Of a version 2 that HWI 3.2 has read it forgets version and lock time (cache_unsigned_tx_pieces); the rest stays.
    const { inputs, outputs } = parsePsbtV2(asVersion2(asPsbtV2(psbt)));
    expect({ inputs, outputs }).toEqual(mapsOf(parsePsbtV2(converted)));
  });
});

function mapsOf({ inputs, outputs }: PsbtV2) {
  return { inputs, outputs };
}
