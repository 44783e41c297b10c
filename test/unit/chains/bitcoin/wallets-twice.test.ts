/** One wallet under two names, in other words: whoever halts the one name would not halt the other (attacks B5 and B6). */
import { expect, test } from "vitest";
import { writeDescriptor, type DescriptorKind } from "../../../../src/chains/bitcoin/descriptor.ts";
import type { InternalKey } from "../../../../src/chains/bitcoin/internal-key.ts";
import { assertWallets, WALLET_TWICE } from "../../../../src/chains/bitcoin/wallet.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { multisigWallet, policyWallet, testWallet, walletOfKind } from "../../../bitcoin/regtest-wallet.ts";

const shared = multisigWallet();
const vault = policyWallet(shared);
const [first, second, third] = shared.seeds.map(({ key }) => key) as [string, string, string];

/** A wallet of the vault's signers, called otherwise. */
function other(
  kind: DescriptorKind,
  keys: readonly string[],
  internalKey: InternalKey["form"] = "point",
  threshold = 2,
) {
  const { text } = writeDescriptor({ kind, threshold, keys, internalKey }, "regtest");
  return { ...policyWallet(shared, "other"), descriptor: text, threshold };
}

test("accepts wallets with other keys, another threshold, or the same keys in another kind", () => {
  const single = policyWallet(testWallet(), "single");
  const stranger = policyWallet(
    multisigWallet(2, ["cosigner one", "cosigner two", "cosigner four"]),
    "other",
  );
  for (const one of [
    stranger,
    other("p2wsh-sortedmulti", [first, second, third], "point", 3),
    other("p2sh-p2wsh-sortedmulti", [first, second, third]),
    other("p2tr-sortedmulti", [first, second, third]),
  ])
    assertWallets([vault, single, one], "regtest");
});

test("refuses the same keys in another order", () => {
  const turned = other("p2wsh-sortedmulti", [third, first, second]);
  const error = expectRefusal(() => assertWallets([vault, turned], "regtest"), WALLET_TWICE);
  expect(error.message).toContain("vault and other");
});

test("refuses the same keys under another master's fingerprint, which is a word and no part of a script", () => {
  const renamed = other("p2wsh-sortedmulti", [first, second, third.replace(/^\[[0-9a-f]{8}/, "[deadbeef")]);
  expectRefusal(() => assertWallets([vault, renamed], "regtest"), WALLET_TWICE);
});

test("sortedmulti_a: under the point any order is one wallet, under an extended key each order is its own", () => {
  const taproot = policyWallet(walletOfKind("p2tr-sortedmulti"));
  const keys = walletOfKind("p2tr-sortedmulti").seeds.map(({ key }) => key);
  const turned = (internalKey: InternalKey["form"]) =>
    other("p2tr-sortedmulti", [...keys].reverse(), internalKey);
  expectRefusal(() => assertWallets([taproot, turned("point")], "regtest"), WALLET_TWICE);
  assertWallets([taproot, turned("extended")], "regtest");
});
