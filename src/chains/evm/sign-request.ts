/**
 * An attempt as a device of another maker is asked for it (ERC-4527), and what the device's answer is worth: a signature over
 * that very attempt, by the key that was asked. An account's transaction is asked for as its bytes; a Safe's, of each owner,
 * and a text, as the typed data that they are, so that a device shows every value.
 */
import type { InputSignature } from "../../core/documents/receipt.ts";
import { assert, declareError } from "../../core/errors.ts";
import { equalBytes, toHex, utf8 } from "../../core/hex.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import { addressBytes } from "./address.ts";
import { attestationOf } from "./attestation.ts";
import type { EvmAttempt } from "./attempt.ts";
import { keccak256 } from "./keccak.ts";
import { safeTypedData } from "./safe.ts";
import { readSignature, recoverAddress, signatureBytes } from "./signature.ts";
import { encodeUnsigned } from "./transaction.ts";
import { hashTypedData, type TypedData } from "./typed-data.ts";
import { parseTypedData, typedDataText } from "./typed-data-json.ts";

export const ANSWERS_OTHERWISE = declareError(
  "EVM_ANSWERS_OTHERWISE",
  "verification",
  "A device's answer is not the asked key's signature over what it was asked for.",
);

/** What a device is asked, in the terms of ERC-4527. */
export type SignRequest = {
  /** A UUID's 16 bytes, made of the attempt's hash and of who is asked, so that the answer says both. */
  readonly requestId: Uint8Array;
  readonly signData: Uint8Array;
  readonly dataType: "legacy" | "typedTransaction" | "typedData";
  readonly chainId: number;
  readonly path: { readonly path: readonly number[]; readonly fingerprint: string };
  readonly address: Uint8Array;
};

/** One for each key that may sign the attempt: an account's, or every owner's of a Safe. */
export function signRequestsOf(attempt: EvmAttempt): readonly SignRequest[] {
  const { signData, dataType, chainId } = dataOf(attempt);
  return askedOf(attempt).map(({ key, address }) => ({
    requestId: requestIdOf(attempt, addressBytes(address)),
    signData,
    dataType,
    chainId: Number(chainId),
    path: { path: key.path, fingerprint: key.fingerprint },
    address: addressBytes(address),
  }));
}

/** Whom a device's answer to this attempt would be by; undefined where it was asked for something else. */
export function answererOf(attempt: EvmAttempt, requestId: Uint8Array): AccountDescriptor | undefined {
  return askedOf(attempt).find(({ address }) =>
    equalBytes(requestIdOf(attempt, addressBytes(address)), requestId),
  );
}

/**
 * The answer as a partial signature of the attempt.
 * @param answer r and s in 32 bytes each, and v @throws EVM_ANSWERS_OTHERWISE, EVM_SIGNATURE_MALFORMED
 */
export function answerOf(attempt: EvmAttempt, by: AccountDescriptor, answer: Uint8Array): InputSignature {
  const number = (from: number, to?: number) => BigInt(`0x${toHex(answer.subarray(from, to))}`);
  const chainId = attempt.kind === "account" ? attempt.transaction.chainId : undefined;
  const yParity = parityOf(number(64), chainId);
  const signature = readSignature({ r: number(0, 32), s: number(32, 64), yParity });
  if (recoverAddress(attempt.hash, signature) !== by.address)
    throw ANSWERS_OTHERWISE(`it is not a signature by ${by.address} over what was asked`, {
      field: "signature",
      hint: "have the very request signed that was written last, by the device that has this account",
    });
  return { input: 0, key: toHex(by.key.publicKey), signature: toHex(signatureBytes(signature)) };
}

const askedOf = (attempt: EvmAttempt): readonly AccountDescriptor[] =>
  attempt.kind === "safe" ? attempt.safe.keys : [attempt.account];

function dataOf(
  attempt: EvmAttempt,
): Pick<SignRequest, "signData" | "dataType"> & { readonly chainId: bigint } {
  if (attempt.kind === "account") {
    const { transaction } = attempt;
    return {
      signData: encodeUnsigned(transaction),
      dataType: transaction.type === 0 ? "legacy" : "typedTransaction",
      chainId: transaction.chainId,
    };
  }
  const typed = typedDataOf(attempt);
  const text = typedDataText(typed);
  // Pair assertion: what a device reads of the text is what our own signers sign.
  assert(
    equalBytes(hashTypedData(parseTypedData(text)).digest, attempt.hash),
    "typed data as text is the attempt",
  );
  return { signData: utf8(text), dataType: "typedData", chainId: BigInt(typed.domain.chainId ?? 0) };
}

function typedDataOf(attempt: Exclude<EvmAttempt, { kind: "account" }>): TypedData {
  if (attempt.kind === "safe") return safeTypedData(attempt.transaction, attempt.safe);
  return attestationOf(attempt.account.address, attempt.message, attempt.chain);
}

// Readers of UUIDs refuse what has not a version's and the variant's bits (RFC 9562, section 4); older ones know 1 to 5.
function requestIdOf({ hash }: EvmAttempt, asked: Uint8Array): Uint8Array {
  return keccak256(hash, asked)
    .slice(0, 16)
    .map((byte, place) => {
      if (place === 6) return (byte & 0x0f) | 0x40;
      return place === 8 ? (byte & 0x3f) | 0x80 : byte;
    });
}

// Devices write the parity itself, 27 more as messages have it, or, of a transaction, what EIP-155 makes of it.
function parityOf(v: bigint, chainId: bigint | undefined): bigint {
  if (v >= 35n && chainId !== undefined) return v - 35n - 2n * chainId;
  return v >= 27n ? v - 27n : v;
}
