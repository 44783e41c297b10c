/** B6, with its proof: a quorum in which one person's key counts twice. */
import { writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { keyExpressionOf, registryKey } from "../../src/chains/bitcoin/exports/registry-key.ts";
import { parseKeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";

const [ours, theirs, third] = ["cosigner one", "cosigner two", "cosigner three"].map(
  (sentence) => testSeed(sentence, [48, 1, 0, 2]).key,
) as [string, string, string];

const judge = (last: string) =>
  codeOf(() =>
    writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 2, keys: [ours, theirs, last] }, "regtest"),
  );

const said = {
  accepted: "none",
  removes: ["a wallet's keys are of different people"],
  without: "none",
} as const;

/** The key of `theirs` under another master, with whatever else of its words changed. */
function inOtherWords(changes: { readonly chainCode?: Uint8Array } = {}): string {
  const fields = registryKey(parseKeyExpression(theirs, "regtest").key, "regtest", "unsaid");
  const origin = { ...fields.origin, fingerprint: "deadbeef" };
  return keyExpressionOf({ ...fields, origin, ...changes }, "regtest", "key");
}

pair("B6", "a cosigner's key comes again under another master's fingerprint", {
  good: () => third,
  bad: () => inOtherWords(),
  judge,
  refused: "DESCRIPTOR_KEY_TWICE",
  ...said,
});

pair("B6", "a cosigner's key comes again with another chain code", {
  good: () => third,
  bad: () => inOtherWords({ chainCode: new Uint8Array(32).fill(7) }),
  judge,
  refused: "DESCRIPTOR_KEY_TWICE",
  ...said,
});

pair("B6", "another account of one master stands for a third person", {
  good: () => third,
  bad: () => testSeed("cosigner two", [48, 1, 1, 2]).key,
  judge,
  refused: "DESCRIPTOR_KEY_TWICE",
  ...said,
});
