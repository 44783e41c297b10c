/**
 * Taproot: one key that signs by itself (BIP-86, `tr(KEY)`), and m of n keys in one tapscript under an internal key that
 * nobody can sign with (BIP-386, BIP-387: `tr(UNSPENDABLE,sortedmulti_a(m,KEY,…))`).
 */
import { assert } from "../../../core/errors.ts";
import { equalBytes } from "../../../core/hex.ts";
import type { OriginKey } from "../../key-path.ts";
import { multisigLeafScript, scriptOf } from "../script.ts";
import { keyPathOutput, lifted, oneLeafOutput, xOnly, type TapLeaf, type TaprootOutput } from "../taproot.ts";
import { compactSizeLength } from "../wire.ts";
import { SCHNORR_WEIGHT, type KeyedSignature, type WalletKind } from "./kind.ts";

const NOT_SIGNED = new Uint8Array();

export const tr: WalletKind = {
  kind: "p2tr",
  before: "tr(",
  after: ")",
  several: false,
  afterInternal: undefined,
  scheme: "schnorr",
  purpose: 86,
  scriptType: undefined,
  order: (keys) => keys.map(evenKey),
  scripts: (_threshold, [key]) => scriptsOf(keyPathOutput(xOnly((key as OriginKey).publicKey))),
  spendWeight: () => 1 + SCHNORR_WEIGHT,
  witness: (_scripts, [found]) => [(found as KeyedSignature).signature],
};

export const trSortedmulti: WalletKind = {
  kind: "p2tr-sortedmulti",
  before: "tr(",
  after: "))",
  several: true,
  afterInternal: ",sortedmulti_a(",
  scheme: "schnorr",
  // BIP-48 has no script type for taproot; 3 is what other makers' signers use (Coldcard).
  purpose: 48,
  scriptType: 3,
  // BIP-387: ascending bytes of the x-only keys, anew at each index. Not BIP-67's order, which knows the parity.
  order: (keys) => keys.map(evenKey).sort((a, b) => Buffer.compare(a.publicKey, b.publicKey)),
  scripts(threshold, keys, internalKey) {
    assert(internalKey !== undefined, "a taproot wallet of several keys has an internal key");
    const leaf = multisigLeafScript(
      threshold,
      keys.map(({ publicKey }) => xOnly(publicKey)),
    );
    return scriptsOf(oneLeafOutput(internalKey, leaf));
  },
  // Item count, m signatures, an empty item for each other key, the script, the control block.
  spendWeight(threshold, keys) {
    const script = 34 * keys + 1 + 1;
    const items = threshold * SCHNORR_WEIGHT + (keys - threshold) + compactSizeLength(script) + script;
    return 1 + items + (1 + 33);
  },
  // OP_NUMEQUAL demands exactly m. The last key's item lies at the bottom of the stack, so it stands first.
  witness({ keys, taproot }, found, threshold) {
    const { script, controlBlock } = taproot?.leaf as TapLeaf;
    const used = found.slice(0, threshold);
    const items = keys.map(
      ({ publicKey }) => used.find((each) => equalBytes(each.publicKey, publicKey))?.signature ?? NOT_SIGNED,
    );
    return [...items.reverse(), script, controlBlock];
  },
};

function evenKey(key: OriginKey): OriginKey {
  return { ...key, publicKey: lifted(xOnly(key.publicKey)) };
}

function scriptsOf(taproot: TaprootOutput) {
  const script = scriptOf("p2tr", taproot.outputKey);
  return { script, redeemScript: undefined, witnessScript: undefined, taproot };
}
