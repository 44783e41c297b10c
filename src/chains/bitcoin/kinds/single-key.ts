/** One key: P2WPKH (BIP-84, `wpkh(KEY)`) and the same inside P2SH (BIP-49, `sh(wpkh(KEY))`). */
import { hash160 } from "bitcoinjs-lib/src/crypto";
import type { OriginKey } from "../../key-path.ts";
import { scriptOf } from "../script.ts";
import { baseWeight, ECDSA_WEIGHT, type KeyedSignature, type WalletKind } from "./kind.ts";

const shared = {
  several: false,
  afterInternal: undefined,
  scheme: "ecdsa",
  scriptType: undefined,
  order: (keys) => keys,
  // Signature and key (BIP-141).
  witness: (_scripts, [found]) => {
    const { signature, publicKey } = found as KeyedSignature;
    return [signature, publicKey];
  },
} satisfies Partial<WalletKind>;

/** Item count, signature, key. */
const WITNESS_WEIGHT = 1 + ECDSA_WEIGHT + (1 + 33);

export const wpkh: WalletKind = {
  ...shared,
  kind: "p2wpkh",
  before: "wpkh(",
  after: ")",
  purpose: 84,
  scripts: (_threshold, keys) => ({ ...NONE, script: programOf(keys) }),
  spendWeight: () => WITNESS_WEIGHT,
};

export const nestedWpkh: WalletKind = {
  ...shared,
  kind: "p2sh-p2wpkh",
  before: "sh(wpkh(",
  after: "))",
  purpose: 49,
  scripts(_threshold, keys) {
    const redeemScript = programOf(keys);
    return { ...NONE, script: scriptOf("p2sh", hash160(redeemScript)), redeemScript };
  },
  spendWeight: () => baseWeight(1 + 22) + WITNESS_WEIGHT,
};

const NONE = { redeemScript: undefined, witnessScript: undefined, taproot: undefined } as const;

function programOf([key]: readonly OriginKey[]): Uint8Array {
  return scriptOf("p2wpkh", hash160((key as OriginKey).publicKey));
}
