/**
 * The two virtual transactions of BIP-322 (version 2.0.0): `to_spend` binds a message to an address, `to_sign` spends it
 * as a coin would be spent. No network takes either: `to_spend` spends the null outpoint without being a coinbase, so
 * what `to_sign` spends is in no block, and `to_sign` stays unspendable with every coin that it shows.
 */
import { sha256, type Digest } from "../../core/digest.ts";
import { concatBytes, equalBytes, utf8 } from "../../core/hex.ts";
import { transactionId, type Transaction, type TransactionInput } from "./transaction.ts";

const TAG = sha256(utf8("BIP0322-signed-message"));
const NULL_TXID = "00".repeat(32) as Digest;
const NULL_VOUT = 0xffff_ffff;
const OP_0_PUSH_32 = Uint8Array.of(0x00, 0x20);
const OP_RETURN = Uint8Array.of(0x6a);

/** The message's hash, tagged as in BIP-340: 32 bytes. */
export function messageHash(message: string): Uint8Array {
  return sha256(TAG, TAG, utf8(message));
}

/** @param challenge output script of the address that answers for the message */
export function toSpend(message: string, challenge: Uint8Array): Transaction {
  const scriptSig = concatBytes(OP_0_PUSH_32, messageHash(message));
  return {
    version: 0,
    inputs: [{ txid: NULL_TXID, vout: NULL_VOUT, scriptSig, sequence: 0, witness: [] }],
    outputs: [{ units: 0n, script: challenge }],
    lockTime: 0,
  };
}

/** @param coins outpoints that are shown (proof of funds), in this order */
export function toSign(spend: Transaction, coins: readonly Outpoint[]): Transaction {
  const input = ({ txid, vout }: Outpoint): TransactionInput => ({
    txid,
    vout,
    scriptSig: new Uint8Array(),
    sequence: 0,
    witness: [],
  });
  return {
    version: 0,
    inputs: [{ txid: transactionId(spend), vout: 0 }, ...coins].map(input),
    outputs: [{ units: 0n, script: OP_RETURN }],
    lockTime: 0,
  };
}

/**
 * Whether `transaction` is `to_sign` in all that does not depend on which message: the BIP leaves other versions, lock
 * times and sequences open; ours has the ones above and no others.
 */
export function hasFormOfToSign({ version, inputs, outputs, lockTime }: Transaction): boolean {
  const [output] = outputs;
  return (
    version === 0 &&
    lockTime === 0 &&
    inputs.length > 0 &&
    inputs.every(({ sequence }) => sequence === 0) &&
    outputs.length === 1 &&
    output?.units === 0n &&
    equalBytes(output.script, OP_RETURN)
  );
}

type Outpoint = Pick<TransactionInput, "txid" | "vout">;
