/**
 * Signature digests of taproot inputs (BIP-341, BIP-342), linear in the transaction's size. Only SIGHASH_DEFAULT exists
 * here: everything is signed, nothing left open (attack B9), and no byte says so. No annex, no OP_CODESEPARATOR.
 */
import { sha256 } from "../../core/digest.ts";
import { concatBytes } from "../../core/hex.ts";
import { taggedHash } from "./taproot.ts";
import { outputBytes, type Transaction, type TransactionOutput } from "./transaction.ts";
import { compactSize, joined, txidBytes, uint32, uint64 } from "./wire.ts";

/** As BIP-341 says it; as a PSBT's sighash type (BIP-371), and never as a byte behind a signature. */
export const SIGHASH_DEFAULT = 0x00;

/** What all inputs of one transaction share: SHA-256 once of each, 32 bytes. */
export type TaprootMidstate = {
  readonly prevouts: Uint8Array;
  /** Amounts of all the coins that are spent: no amount can be lied about, whichever input is signed. */
  readonly amounts: Uint8Array;
  readonly scripts: Uint8Array;
  readonly sequences: Uint8Array;
  readonly outputs: Uint8Array;
};

/** @param spent what the inputs spend, in their order */
export function taprootMidstateOf(
  { inputs, outputs }: Transaction,
  spent: readonly TransactionOutput[],
): TaprootMidstate {
  return {
    prevouts: sha256(joined(inputs.flatMap(({ txid, vout }) => [txidBytes(txid), uint32(vout)]))),
    amounts: sha256(joined(spent.map(({ units }) => uint64(units)))),
    scripts: sha256(joined(spent.flatMap(({ script }) => [compactSize(script.length), script]))),
    sequences: sha256(joined(inputs.map(({ sequence }) => uint32(sequence)))),
    outputs: sha256(joined(outputs.map(outputBytes))),
  };
}

/**
 * The SIGHASH_DEFAULT digest of the input at `index`: 32 bytes.
 * @param spent what the inputs spend, in their order
 * @param leafHash of the script that is satisfied (BIP-342); left out when the output's key signs
 */
export function taprootDigest(
  transaction: Transaction,
  index: number,
  spent: readonly TransactionOutput[],
  leafHash?: Uint8Array,
  midstate: TaprootMidstate = taprootMidstateOf(transaction, spent),
): Uint8Array {
  return taggedHash(
    "TapSighash",
    EPOCH,
    Uint8Array.of(SIGHASH_DEFAULT),
    uint32(transaction.version),
    uint32(transaction.lockTime),
    midstate.prevouts,
    midstate.amounts,
    midstate.scripts,
    midstate.sequences,
    midstate.outputs,
    Uint8Array.of(leafHash === undefined ? 0 : SCRIPT_PATH),
    uint32(index),
    leafHash === undefined ? NOTHING : concatBytes(leafHash, KEY_VERSION, NO_CODE_SEPARATOR),
  );
}

const EPOCH = Uint8Array.of(0x00);
/** spend_type: twice the extension flag of BIP-342, and no annex. */
const SCRIPT_PATH = 2;
const KEY_VERSION = Uint8Array.of(0x00);
const NO_CODE_SEPARATOR = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
const NOTHING = new Uint8Array();
