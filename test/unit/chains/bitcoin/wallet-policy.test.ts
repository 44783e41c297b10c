import { expect, test } from "vitest";
import { walletPolicy } from "../../../../src/chains/bitcoin/wallet-policy.ts";
import { formatKeyExpression } from "../../../../src/chains/bitcoin/key-expression.ts";
import { UNSPENDABLE_POINT } from "../../../../src/chains/bitcoin/internal-key.ts";
import { walletOfKind } from "../../../bitcoin/regtest-wallet.ts";

test.each([
  ["p2wpkh", "wpkh(@0/**)"],
  ["p2sh-p2wpkh", "sh(wpkh(@0/**))"],
  ["p2tr", "tr(@0/**)"],
  ["p2wsh-sortedmulti", "wsh(sortedmulti(2,@0/**,@1/**,@2/**))"],
  ["p2sh-p2wsh-sortedmulti", "sh(wsh(sortedmulti(2,@0/**,@1/**,@2/**)))"],
  ["p2tr-sortedmulti", `tr(${UNSPENDABLE_POINT},sortedmulti_a(2,@0/**,@1/**,@2/**))`],
] as const)("BIP-388: %s is %s", (kind, template) => {
  const { descriptor } = walletOfKind(kind);
  expect(walletPolicy(descriptor)).toEqual({ template, keys: descriptor.keys.map(formatKeyExpression) });
});

test("BIP-388: an unspendable extended key is @0, and what the template stands for is the descriptor", () => {
  const { descriptor } = walletOfKind("p2tr-sortedmulti", { internalKey: "extended" });
  const { template, keys } = walletPolicy(descriptor);
  expect(template).toBe("tr(@0/**,sortedmulti_a(2,@1/**,@2/**,@3/**))");
  expect(keys[0]).toMatch(/^tpub/);
  const written = template
    .replaceAll("/**", "/<0;1>/*")
    .replaceAll(/@([0-9]+)/g, (_, index: string) => keys[Number(index)] ?? "");
  expect(written).toBe(descriptor.text.split("#")[0]);
});
