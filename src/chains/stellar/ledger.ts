/**
 * What a closed ledger's header proves. Its hash commits to the ledger before, to its time, and to the results of its
 * transactions with their names, in the order in which they were applied.
 */
import { sha256, type Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { concatBytes, equalBytes, fromHex, toHex } from "../../core/hex.ts";
import { instantOf, type Instant } from "../../core/instant.ts";
import { XdrReader } from "./xdr/cursor.ts";
import { HEADER_ENTRY } from "./xdr/ledger.ts";
import { decodeXdr, encodeXdr } from "./xdr/type.ts";

export const LEDGER_MALFORMED = declareError(
  "STELLAR_LEDGER_MALFORMED",
  "verification",
  "A ledger's header or results are not what its hash says.",
);

export type LedgerHeader = {
  readonly height: number;
  readonly hash: Digest;
  readonly parent: Digest;
  readonly time: Instant;
  /** Of its transactions' names and results. */
  readonly resultsHash: Digest;
  /** Stroops that each entry of an account holds back. */
  readonly reserveUnits: bigint;
  /** The least that an operation costs, in stroops. */
  readonly feeUnits: bigint;
};

/** The last second that our instants can spell. */
const SECONDS_MAX = 253_402_300_799n;

/** @param bytes a header with its hash @throws STELLAR_LEDGER_MALFORMED, STELLAR_XDR_MALFORMED */
export function readHeader(bytes: Uint8Array): LedgerHeader {
  const { hash, header } = decodeXdr(HEADER_ENTRY, bytes, "header");
  // The entry is its hash, the header, and an extension of four bytes that says nothing.
  const own = encodeXdr(HEADER_ENTRY, { hash, header, ext: { type: "none" } }).slice(32, -4);
  if (!equalBytes(sha256(own), hash))
    throw LEDGER_MALFORMED(`the header of ledger ${header.ledgerSeq} does not hash to ${toHex(hash)}`);
  if (header.scpValue.closeTime > SECONDS_MAX)
    throw LEDGER_MALFORMED(`ledger ${header.ledgerSeq} closes at a time that no clock can show`);
  return {
    height: header.ledgerSeq,
    hash: toHex(hash) as Digest,
    parent: toHex(header.previousLedgerHash) as Digest,
    time: instantOf(Number(header.scpValue.closeTime)),
    resultsHash: toHex(header.txSetResultHash) as Digest,
    reserveUnits: header.baseReserve,
    feeUnits: header.baseFee,
  };
}

/** A transaction of a ledger by its id, and its result as the ledger has it. */
export type Applied = { readonly id: Digest; readonly result: Uint8Array };

/** Refuses a list that is not the ledger's: one more, one less, another result, another order. @throws STELLAR_LEDGER_MALFORMED */
export function assertAllOf({ height, resultsHash }: LedgerHeader, all: readonly Applied[]): void {
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, all.length);
  const set = concatBytes(count, ...all.flatMap(({ id, result }) => [fromHex(id), result]));
  const hash = toHex(sha256(set));
  // A ledger without transactions has the hash of an empty list, or none at all (the first ledger).
  if (hash === resultsHash || (all.length === 0 && /^0+$/.test(resultsHash))) return;
  throw LEDGER_MALFORMED(`the ${all.length} results are not those of ledger ${height}`, {
    details: { height },
  });
}

/** What became of a transaction. A failed one has paid its fee and used its number up, and done nothing else. */
export type Outcome = {
  readonly succeeded: boolean;
  /** Stroops that were taken; of a fee bump, from whoever pays for it. */
  readonly feeUnits: bigint;
  readonly code: number;
};

const SUCCESS = 0;
const FEE_BUMP_SUCCESS = 1;

/** The head of a TransactionResult: what lies behind it is not needed. @throws STELLAR_XDR_MALFORMED, STELLAR_LEDGER_MALFORMED */
export function readOutcome(result: Uint8Array): Outcome {
  const reader = new XdrReader(result, "result");
  const feeUnits = reader.int64();
  const code = reader.int32();
  if (feeUnits < 0n) throw LEDGER_MALFORMED(`a result gives ${-feeUnits} stroops as its fee`);
  return { succeeded: code === SUCCESS || code === FEE_BUMP_SUCCESS, feeUnits, code };
}

/** Codes that a node refuses a transaction with (Stellar-transaction.x, TransactionResultCode). */
const CODES: Readonly<Record<number, string>> = {
  1: "txFEE_BUMP_INNER_SUCCESS",
  0: "txSUCCESS",
  [-1]: "txFAILED",
  [-2]: "txTOO_EARLY",
  [-3]: "txTOO_LATE",
  [-4]: "txMISSING_OPERATION",
  [-5]: "txBAD_SEQ",
  [-6]: "txBAD_AUTH",
  [-7]: "txINSUFFICIENT_BALANCE",
  [-8]: "txNO_ACCOUNT",
  [-9]: "txINSUFFICIENT_FEE",
  [-10]: "txBAD_AUTH_EXTRA",
  [-11]: "txINTERNAL_ERROR",
  [-12]: "txNOT_SUPPORTED",
  [-13]: "txFEE_BUMP_INNER_FAILED",
  [-14]: "txBAD_SPONSORSHIP",
  [-15]: "txBAD_MIN_SEQ_AGE_OR_GAP",
  [-16]: "txMALFORMED",
  [-17]: "txSOROBAN_INVALID",
  [-18]: "txFROZEN_KEY_ACCESSED",
};

export function codeInWords({ code }: Outcome): string {
  return CODES[code] ?? `code ${code}`;
}
