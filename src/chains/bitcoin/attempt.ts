import type { Digest } from "../../core/digest.ts";
import { assert } from "../../core/errors.ts";
import { concatBytes } from "../../core/hex.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import type { KeyScripts } from "./kinds/kind.ts";
import { transactionId, type Transaction } from "./transaction.ts";

/** An input whose amount (satoshis), script and keys we have proven ourselves; no key is taken from the PSBT. */
export type OwnedInput = WalletKey & { readonly units: bigint };

/** A decoded transaction of one wallet; the `Tx` of our codec. Only `decode` and `decodePlan` make one. */
export type BitcoinAttempt = {
  /** The id of the signed transaction: of `unsigned` with the script signatures that p2sh inputs will have. */
  readonly id: Digest;
  readonly unsigned: Transaction;
  readonly descriptor: Descriptor;
  readonly inputs: readonly OwnedInput[];
  /** Of the virtual transaction that signs a message (BIP-322), which nothing ever sends. */
  readonly message?: string;
};

/**
 * A transaction with the script signatures of its inputs: of a p2sh input the redeem script in one push (BIP-141), of any
 * other nothing. They hold no signature, so they, and the transaction's id, are known before anybody signs.
 */
export function withScriptSigs(
  unsigned: Transaction,
  inputs: readonly Pick<KeyScripts, "redeemScript">[],
): Transaction {
  return {
    ...unsigned,
    inputs: unsigned.inputs.map((input, i) => ({
      ...input,
      scriptSig: scriptSigOf(inputs[i]?.redeemScript),
    })),
  };
}

/** The id that `unsigned` has once it is signed. */
export function signedId(unsigned: Transaction, inputs: readonly Pick<KeyScripts, "redeemScript">[]): Digest {
  return transactionId(withScriptSigs(unsigned, inputs));
}

/**
 * The id that a PSBT's transaction has once it is signed, if the redeem scripts that it claims are true. Of anything else
 * than a witness program (BIP-141: 22 or 34 bytes) no signed transaction of ours is made.
 */
export function claimedId({
  unsigned,
  inputs,
}: {
  readonly unsigned: Transaction;
  readonly inputs: readonly Pick<KeyScripts, "redeemScript">[];
}): Digest {
  return signedId(
    unsigned,
    inputs.map(({ redeemScript }) => ({
      redeemScript: [22, 34].includes(redeemScript?.length ?? 0) ? redeemScript : undefined,
    })),
  );
}

/** Also as PSBT_IN_FINAL_SCRIPTSIG has it. */
export function scriptSigOf(redeemScript: Uint8Array | undefined): Uint8Array {
  if (redeemScript === undefined) return NO_SCRIPT;
  assert(redeemScript.length <= 75, "a redeem script is a witness program, which one byte pushes");
  return concatBytes(Uint8Array.of(redeemScript.length), redeemScript);
}

const NO_SCRIPT = new Uint8Array();
