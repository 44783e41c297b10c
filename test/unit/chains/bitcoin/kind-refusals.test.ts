/** What nearly is one of the newer kinds of wallets and is not, each beside what is. */
import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { PSBT_FIELD_REFUSED } from "../../../../src/chains/bitcoin/allowed-fields.ts";
import { REDEEM_SCRIPT_MISMATCH, TAPROOT_MISMATCH } from "../../../../src/chains/bitcoin/claimed-scripts.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveKey, parseDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import { DESCRIPTOR_INTERNAL_KEY, UNSPENDABLE_POINT } from "../../../../src/chains/bitcoin/internal-key.ts";
import { DESCRIPTOR_KIND } from "../../../../src/chains/bitcoin/key-expression.ts";
import { BITCOIN_NETWORKS } from "../../../../src/chains/bitcoin/network.ts";
import { CHANGE_FALSE } from "../../../../src/chains/bitcoin/outputs.ts";
import { INPUT_NOT_OURS, SIGHASH_REFUSED } from "../../../../src/chains/bitcoin/owned-inputs.ts";
import { partialSignatures, PSBT_SIGNATURE_NAMELESS } from "../../../../src/chains/bitcoin/partial.ts";
import { digests } from "../../../../src/chains/bitcoin/sighash.ts";
import { SIGNATURE_INVALID, verifySignatures } from "../../../../src/chains/bitcoin/signature.ts";
import { lifted, taprootTweak, xOnly } from "../../../../src/chains/bitcoin/taproot.ts";
import { taprootDigest } from "../../../../src/chains/bitcoin/taproot-sighash.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { signSchnorr, tweakedSecret } from "../../../../signer/sign/schnorr.ts";
import { changed, editPsbt, field, replaced, type EditablePsbt } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  goodPsbt,
  privateKeyOf,
  signAll,
  testWallet,
  viewOf,
  walletOfKind,
} from "../../../bitcoin/regtest-wallet.ts";

const sealed = (text: string) => `${text}#${descriptorChecksum(text)}`;
const parse = (text: string) => parseDescriptor(sealed(text), "regtest");

const single = walletOfKind("p2tr");
const shared = walletOfKind("p2tr-sortedmulti");
const [goodSingle, goodShared] = [goodPsbt(single), goodPsbt(shared)];
const views = { single: viewOf(single), shared: viewOf(shared) };

const inFirst = (bytes: Uint8Array, type: number, edit: (value: Uint8Array) => Uint8Array): Uint8Array =>
  editPsbt(bytes, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) =>
      replaced(fields, type, ({ value, keyData }) => field(type, edit(value), keyData)),
    );
  });
const adding = (bytes: Uint8Array, ...more: Parameters<typeof field>): Uint8Array =>
  editPsbt(bytes, ({ inputs }) => void inputs[0]?.push(field(...more)));
const without = (bytes: Uint8Array, type: number): Uint8Array =>
  editPsbt(bytes, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) => fields.filter((each) => each.type !== type));
  });
const flipped = (place: number) => (value: Uint8Array) =>
  value.map((byte, i) => (i === place ? byte ^ 1 : byte));

describe("internal keys of sortedmulti_a (B5: a key that signs alone)", () => {
  const body = shared.descriptor.text.split("#")[0] as string;
  const extended = walletOfKind("p2tr-sortedmulti", { internalKey: "extended" }).descriptor.text.split(
    "#",
  )[0] as string;
  const other = (internal: string) => body.replace(UNSPENDABLE_POINT, internal);

  test("the point H, and the one extended key on it, are accepted", () => {
    expect(parse(body).internalKey).toEqual({ form: "point" });
    expect(parse(extended).internalKey).toMatchObject({ form: "extended" });
  });

  test("any other point, a cosigner's key, an extended key with another chain code or for other cosigners", () => {
    const versions = { wif: 0xef, bip32: BITCOIN_NETWORKS.regtest.bip32 };
    const chosen = BIP32Factory(ecc)
      .fromPublicKey(lifted(fromHex(UNSPENDABLE_POINT)), new Uint8Array(32).fill(1), versions)
      .toBase58();
    const [first, , third] = shared.descriptor.keys;
    const swapped = extended
      .replace(first?.xpub ?? "", "first")
      .replace(third?.xpub ?? "", first?.xpub ?? "")
      .replace("first", third?.xpub ?? "");
    for (const text of [
      other(UNSPENDABLE_POINT.replace("50929b", "50929c")),
      other(`${single.seeds[0]?.key ?? ""}/<0;1>/*`),
      other(`${chosen}/<0;1>/*`),
      extended.replace("tr(tpub", "tr(tpuc"),
      swapped,
    ]) {
      const error = expectRefusal(() => parse(text), DESCRIPTOR_INTERNAL_KEY);
      expect(error.hint).toContain(UNSPENDABLE_POINT);
    }
  });

  test("other scripts under an internal key are refused by name", () => {
    for (const [text, name] of [
      [body.replace("sortedmulti_a", "multi_a"), "multi_a"],
      [body.replace("sortedmulti_a(2,", "pk("), "pk"],
      [body.replace("sortedmulti_a(", "{sortedmulti_a("), "{sortedmulti_a"],
    ] as const)
      expect(expectRefusal(() => parse(text), DESCRIPTOR_KIND).message).toContain(name);
  });
});

describe("B14: what a whole PSBT claims beside an input", () => {
  test("internal key, Merkle root and leaf are there and the descriptor's", () => {
    decode(goodSingle, views.single);
    decode(goodShared, views.shared);
    for (const [bytes, view, type] of [
      [goodSingle, views.single, 0x17],
      [goodShared, views.shared, 0x17],
      [goodShared, views.shared, 0x18],
      [goodShared, views.shared, 0x15],
    ] as const) {
      expectRefusal(() => decode(inFirst(bytes, type, flipped(5)), view), TAPROOT_MISMATCH);
      expectRefusal(() => decode(without(bytes, type), view), TAPROOT_MISMATCH);
    }
    const second = adding(goodShared, 0x15, [0x51, 0xc0], [0xc0, ...new Uint8Array(32)]);
    expectRefusal(() => decode(second, views.shared), TAPROOT_MISMATCH);
  });

  test("a script path has no place in a key's wallet, nor a redeem script in either", () => {
    expectRefusal(
      () => decode(adding(goodSingle, 0x18, new Uint8Array(32)), views.single),
      PSBT_FIELD_REFUSED,
    );
    expectRefusal(() => decode(adding(goodShared, 0x04, [0x51]), views.shared), PSBT_FIELD_REFUSED);
  });

  test.each(["p2sh-p2wpkh", "p2sh-p2wsh-sortedmulti"] as const)("%s comes with its redeem script", (kind) => {
    const nested = walletOfKind(kind);
    const bytes = goodPsbt(nested);
    decode(bytes, viewOf(nested));
    expectRefusal(() => decode(without(bytes, 0x04), viewOf(nested)), REDEEM_SCRIPT_MISMATCH);
    expectRefusal(() => decode(inFirst(bytes, 0x04, flipped(3)), viewOf(nested)), REDEEM_SCRIPT_MISMATCH);
  });
});

describe("B3: key origins of taproot", () => {
  const view = views.shared;

  test("a leaf hash that is missing, another's, or one too many", () => {
    for (const edit of [
      (value: Uint8Array) => Uint8Array.of(0, ...value.subarray(33)),
      flipped(7),
      (value: Uint8Array) => Uint8Array.of(2, ...value.subarray(1, 33), ...value.subarray(1)),
    ])
      expectRefusal(() => decode(inFirst(goodShared, 0x16, edit), view), INPUT_NOT_OURS);
    const named = (value: Uint8Array) => Uint8Array.of(1, ...new Uint8Array(32), ...value.subarray(1));
    expectRefusal(() => decode(inFirst(goodSingle, 0x16, named), views.single), INPUT_NOT_OURS);
  });

  test("a foreign x-only key, and the right keys in the field of another kind", () => {
    const foreign = xOnly(
      deriveKey(testWallet("a stranger").descriptor, 0, 1).keys[0]?.publicKey as Uint8Array,
    );
    const stranger = editPsbt(goodSingle, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) =>
        fields.map((each) => (each.type === 0x16 ? { ...each, keyData: foreign } : each)),
      );
    });
    expectRefusal(() => decode(stranger, views.single), INPUT_NOT_OURS);
    const asEcdsa = editPsbt(goodSingle, (psbt) => void toEcdsa(psbt, "inputs", 0x06));
    expectRefusal(() => decode(asEcdsa, views.single), PSBT_FIELD_REFUSED);
    const change = editPsbt(goodSingle, (psbt) => void toEcdsa(psbt, "outputs", 0x02));
    expectRefusal(() => decode(change, views.single), CHANGE_FALSE);
  });

  /** Every x-only key origin as one of a compressed key. */
  function toEcdsa(psbt: EditablePsbt, maps: "inputs" | "outputs", to: number): void {
    psbt[maps] = psbt[maps].map((fields) =>
      fields.map((each) =>
        each.type === (maps === "inputs" ? 0x16 : 0x07)
          ? field(to, each.value.subarray(1), lifted(each.keyData))
          : each,
      ),
    );
  }

  test("a change output with another internal key or tree, or with scripts and no keys", () => {
    const edited = (type: number, edit: (value: Uint8Array) => Uint8Array) =>
      editPsbt(goodShared, (psbt) => {
        psbt.outputs = psbt.outputs.map((fields) =>
          replaced(fields, type, ({ value, keyData }) => field(type, edit(value), keyData)),
        );
      });
    for (const type of [0x05, 0x06])
      expectRefusal(() => decode(edited(type, flipped(9)), view), TAPROOT_MISMATCH);
    const bare = editPsbt(goodShared, (psbt) => {
      psbt.outputs = psbt.outputs.map((fields) => fields.filter(({ type }) => type !== 0x07));
    });
    expectRefusal(() => decode(bare, view), CHANGE_FALSE);
  });
});

describe("B9: sighash of taproot", () => {
  const asking = (type: number) => adding(goodSingle, 0x03, [type, 0, 0, 0]);

  test("DEFAULT and no type are accepted; ALL is another signature, and a longer one", () => {
    expect(decode(asking(0x00), views.single)).toEqual(decode(goodSingle, views.single));
    for (const type of [0x01, 0x02, 0x03, 0x81]) {
      const error = expectRefusal(() => decode(asking(type), views.single), SIGHASH_REFUSED);
      expect(error.message).toContain("only DEFAULT");
    }
  });

  test("a signature of 65 bytes, of 63, and an ECDSA one", () => {
    const { tx } = decode(goodSingle, views.single);
    const [first] = signAll(single, tx) as [ReturnType<typeof signAll>[number]];
    verifySignatures(tx, [first]);
    for (const signature of [
      `${first.signature}01`,
      `${first.signature}00`,
      first.signature.slice(2),
      "3006",
    ])
      expectRefusal(() => verifySignatures(tx, [{ ...first, signature }]), SIGNATURE_INVALID);
  });
});

describe("B9: paths of taproot that are not the wallet's", () => {
  test("sortedmulti_a: the output's key and a key of the script sign nothing for the key path", () => {
    const { tx } = decode(goodShared, views.shared);
    const good = signAll(shared, tx)[0] as ReturnType<typeof signAll>[number];
    verifySignatures(tx, [good]);
    const owned = tx.inputs[0] as (typeof tx.inputs)[number];
    const [own] = owned.keys;
    const secret = privateKeyOf(shared, own as NonNullable<typeof own>);
    const keyPath = taprootDigest(tx.unsigned, 0, tx.inputs);
    const signed = { ...good, key: toHex((own as NonNullable<typeof own>).publicKey) };
    const inner = { ...signed, signature: toHex(signSchnorr(keyPath, secret)) };
    expectRefusal(() => verifySignatures(tx, [inner]), SIGNATURE_INVALID);
    const outer = { ...inner, key: toHex(lifted(owned.taproot?.outputKey as Uint8Array)) };
    expectRefusal(() => verifySignatures(tx, [outer]), SIGNATURE_INVALID);
  });

  test("tr(KEY): the key without its tweak, and with the tweak of a script", () => {
    const { tx } = decode(goodSingle, views.single);
    const { digest, keys } = digests(tx)[0] as ReturnType<typeof digests>[number];
    const own = keys[0] as (typeof keys)[number];
    const secret = privateKeyOf(single, own);
    const place = { input: 0, key: toHex(own.publicKey) };
    const by = (key: Uint8Array) => ({ ...place, signature: toHex(signSchnorr(digest, key)) });
    verifySignatures(tx, [by(tweakedSecret(secret))]);
    expectRefusal(() => verifySignatures(tx, [by(secret)]), SIGNATURE_INVALID);
    const even = ecc.pointFromScalar(secret, true)?.[0] === 2 ? secret : ecc.privateNegate(secret);
    const rooted = ecc.privateAdd(even, taprootTweak(xOnly(own.publicKey), new Uint8Array(32)));
    expectRefusal(() => verifySignatures(tx, [by(rooted as Uint8Array)]), SIGNATURE_INVALID);
  });
});

describe("taproot signatures that come back from other makers", () => {
  const { tx, transaction } = decode(goodSingle, views.single);
  const [first] = signAll(single, tx) as [ReturnType<typeof signAll>[number]];
  const signed = adding(goodSingle, 0x13, fromHex(first.signature));

  test("by key: under the internal key that stands beside it, or is the one without a leaf", () => {
    expect(partialSignatures(signed)).toEqual({ transaction, signatures: [first] });
    expect(partialSignatures(without(signed, 0x17)).signatures).toEqual([first]);
    expectRefusal(() => partialSignatures(without(without(signed, 0x17), 0x16)), PSBT_SIGNATURE_NAMELESS);
  });

  test("by script: under the x-only key of its field", () => {
    const attempt = decode(goodShared, views.shared);
    const all = signAll(shared, attempt.tx).filter(({ input }) => input === 0);
    const leaf = attempt.tx.inputs[0]?.taproot?.leaf?.hash ?? new Uint8Array();
    const bytes = all.reduce(
      (psbt, { key, signature }) => adding(psbt, 0x14, fromHex(signature), [...xOnly(fromHex(key)), ...leaf]),
      goodShared,
    );
    const { signatures, transaction: id } = partialSignatures(bytes);
    expect([signatures, id]).toEqual([all, attempt.transaction]);
    verifySignatures(attempt.tx, signatures);
  });
});
