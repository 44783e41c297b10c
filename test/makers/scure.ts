/** @scure/btc-signer as the other maker: version 0, every kind of wallet. */
import { SigHash, Transaction } from "@scure/btc-signer";
import { toHex } from "../../src/core/hex.ts";
import type { TestSeed } from "../bitcoin/regtest-wallet.ts";
import type { Maker } from "./maker.ts";

type Origin = { readonly fingerprint: number; readonly path: readonly number[] };

export const SCURE: Maker = {
  name: "@scure/btc-signer",
  version: 0,
  cosign(psbt, seed) {
    const transaction = Transaction.fromPSBT(psbt, { lowR: true });
    for (let input = 0; input < transaction.inputsLength; input++) {
      for (const origin of originsOf(transaction.getInput(input)))
        if (origin.fingerprint === Number.parseInt(seed.origin.fingerprint, 16))
          transaction.signIdx(secretAt(seed, origin.path), input, [SigHash.ALL, SigHash.DEFAULT]);
    }
    return transaction.toPSBT(0);
  },
};

function originsOf({
  bip32Derivation = [],
  tapBip32Derivation = [],
}: ReturnType<Transaction["getInput"]>): readonly Origin[] {
  return [...bip32Derivation.map(([, origin]) => origin), ...tapBip32Derivation.map(([, { der }]) => der)];
}

/** The seed's private key at a path from its master. */
export function secretAt({ root }: TestSeed, path: readonly number[]): Uint8Array {
  const { privateKey } = path.reduce((node, step) => node.derive(step), root);
  if (privateKey === undefined) throw new TypeError(`no private key under ${toHex(root.fingerprint)}`);
  return privateKey;
}
