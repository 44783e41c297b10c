/**
 * m of n keys in P2WSH (`wsh(sortedmulti(m,KEY,…))`, BIP-48 script type 2) and the same inside P2SH
 * (`sh(wsh(sortedmulti(m,KEY,…)))`, script type 1).
 */
import { hash160 } from "bitcoinjs-lib/src/crypto";
import { sha256 } from "../../../core/digest.ts";
import type { OriginKey } from "../../key-path.ts";
import { multisigScript, scriptOf } from "../script.ts";
import { compactSizeLength } from "../wire.ts";
import { baseWeight, ECDSA_WEIGHT, type WalletKind } from "./kind.ts";

const NULL_DUMMY = new Uint8Array();

const shared = {
  several: true,
  afterInternal: undefined,
  scheme: "ecdsa",
  purpose: 48,
  // BIP-67: ascending bytes of the compressed keys, anew at each index.
  order: (keys) => [...keys].sort((a, b) => Buffer.compare(a.publicKey, b.publicKey)),
  // The empty item that OP_CHECKMULTISIG takes and ignores (BIP-147), m signatures in the order of the keys, the script.
  witness: ({ witnessScript }, found, threshold) => [
    NULL_DUMMY,
    ...found.slice(0, threshold).map(({ signature }) => signature),
    witnessScript as Uint8Array,
  ],
} satisfies Partial<WalletKind>;

export const wshSortedmulti: WalletKind = {
  ...shared,
  kind: "p2wsh-sortedmulti",
  before: "wsh(sortedmulti(",
  after: "))",
  scriptType: 2,
  scripts(threshold, keys) {
    const witnessScript = multisigOf(threshold, keys);
    return { script: programOf(witnessScript), witnessScript, redeemScript: undefined, taproot: undefined };
  },
  spendWeight: witnessWeight,
};

export const nestedWshSortedmulti: WalletKind = {
  ...shared,
  kind: "p2sh-p2wsh-sortedmulti",
  before: "sh(wsh(sortedmulti(",
  after: ")))",
  scriptType: 1,
  scripts(threshold, keys) {
    const witnessScript = multisigOf(threshold, keys);
    const redeemScript = programOf(witnessScript);
    return {
      script: scriptOf("p2sh", hash160(redeemScript)),
      redeemScript,
      witnessScript,
      taproot: undefined,
    };
  },
  spendWeight: (threshold, keys) => baseWeight(1 + 34) + witnessWeight(threshold, keys),
};

function multisigOf(threshold: number, keys: readonly OriginKey[]): Uint8Array {
  return multisigScript(
    threshold,
    keys.map(({ publicKey }) => publicKey),
  );
}

function programOf(witnessScript: Uint8Array): Uint8Array {
  return scriptOf("p2wsh", sha256(witnessScript));
}

/** Item count, the empty item, m signatures, the script of m, n keys of 33 bytes, n and the opcode. */
function witnessWeight(threshold: number, keys: number): number {
  const script = 1 + 34 * keys + 1 + 1;
  return 1 + 1 + threshold * ECDSA_WEIGHT + compactSizeLength(script) + script;
}
