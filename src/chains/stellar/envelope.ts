/** Transactions as they are sent and named: their bytes, and the hashes that signatures are over. */
import { sha256, type Digest } from "../../core/digest.ts";
import type { ChainId } from "../../core/chain.ts";
import { toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { XDR_MALFORMED } from "./xdr/cursor.ts";
import { decodeXdr, encodeXdr } from "./xdr/type.ts";
import {
  ENVELOPE,
  HASH_ID_PREIMAGE,
  SIGNATURE_PAYLOAD,
  TRANSACTION,
  type DecoratedSignature,
  type Envelope,
  type FeeBump,
  type HashIdPreimage,
  type SignaturePayload,
  type Transaction,
} from "./xdr/transaction.ts";
import { networkId } from "./network-id.ts";

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP */
export function readTransaction(bytes: Uint8Array, field: string): Transaction {
  return decodeXdr(TRANSACTION, bounded(bytes, field), field);
}

export function transactionBytes(transaction: Transaction): Uint8Array {
  return encodeXdr(TRANSACTION, transaction);
}

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP */
export function readEnvelope(bytes: Uint8Array, field: string): Envelope {
  return decodeXdr(ENVELOPE, bounded(bytes, field), field);
}

/** A transaction with its signatures, as nodes take it. */
export function envelopeBytes(tx: Transaction, signatures: readonly DecoratedSignature[]): Uint8Array {
  return encodeXdr(ENVELOPE, { type: "tx", value: { tx, signatures } });
}

/** What devices sign. @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP */
export function readSignaturePayload(bytes: Uint8Array, field: string): SignaturePayload {
  return decodeXdr(SIGNATURE_PAYLOAD, bounded(bytes, field), field);
}

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP */
export function readPreimage(bytes: Uint8Array, field: string): HashIdPreimage {
  return decodeXdr(HASH_ID_PREIMAGE, bounded(bytes, field), field);
}

/** The bytes whose hash is signed: network, kind, transaction. */
export function payloadBytes(tagged: SignaturePayload["tagged"], chain: ChainId): Uint8Array {
  return encodeXdr(SIGNATURE_PAYLOAD, { networkId: networkId(chain), tagged });
}

/** What is signed: 32 bytes. It is the transaction's name at every node, and no signature changes it. */
export function transactionHash(value: Transaction, chain: ChainId): Uint8Array {
  return sha256(payloadBytes({ type: "tx", value }, chain));
}

/** A fee bump has a name of its own; what it carries keeps its name (CAP-15). */
export function feeBumpHash(value: FeeBump, chain: ChainId): Uint8Array {
  return sha256(payloadBytes({ type: "feeBump", value }, chain));
}

export function transactionName(transaction: Transaction, chain: ChainId): Digest {
  return toHex(transactionHash(transaction, chain)) as Digest;
}

function bounded(bytes: Uint8Array, field: string): Uint8Array {
  if (bytes.length <= LIMITS.stellarTransactionBytesMax) return bytes;
  throw XDR_MALFORMED(`${field} has ${bytes.length} bytes, more than ${LIMITS.stellarTransactionBytesMax}`, {
    field,
    hint: "no transaction of any network is as large",
  });
}
