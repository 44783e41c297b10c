/** A file of an EVM chain that is none of ours: a transaction as bytes or as hex, signed or not. */
import type { ChainId } from "../../../core/chain.ts";
import { CustodyError, isError } from "../../../core/errors.ts";
import { fromHex, toHex } from "../../../core/hex.ts";
import type { Summary } from "../../summary.ts";
import { readQuantity } from "../quantity.ts";
import { decodeRlp } from "../rlp.ts";
import { recoverAddress } from "../signature.ts";
import {
  parseSigned,
  parseUnsigned,
  signingHash,
  TRANSACTION_TYPE,
  transactionHash,
} from "../transaction.ts";
import { transactionSummary } from "./transaction.ts";

/** Whoever asks looks at the beginning alone: an envelope's type before a list, a list, or `0x` and hex. */
export function looksEvm(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  if (first === 0x30 && (second === 0x78 || second === 0x58)) return true;
  return first >= 0xc0 || (first >= 1 && first <= 4 && second >= 0xc0);
}

/** @throws EVM_TRANSACTION_MALFORMED, EVM_RLP_…, EVM_SIGNATURE_MALFORMED, HEX_MALFORMED */
export function inspectBytes(given: Uint8Array): Summary {
  const bytes = given[0] === 0x30 ? fromText(given) : given;
  try {
    return signedSummary(bytes) ?? unsignedSummary(bytes);
  } catch (error) {
    if (isError(error, TRANSACTION_TYPE)) return neverSummary(bytes, error);
    throw error;
  }
}

function fromText(bytes: Uint8Array): Uint8Array {
  return fromHex(new TextDecoder().decode(bytes).trim().slice(2).toLowerCase(), "transaction");
}

function unsignedSummary(bytes: Uint8Array): Summary {
  const chain = chainIn(bytes);
  return transactionSummary({ transaction: parseUnsigned(bytes, chain), chain });
}

// Whether it is signed, its last items say: one that is not has none, or empty ones (EIP-155).
function signedSummary(bytes: Uint8Array): Summary | undefined {
  const chain = chainIn(bytes);
  try {
    const { transaction, signature } = parseSigned(bytes, chain);
    const from = recoverAddress(signingHash(transaction), signature);
    if (from === undefined) return undefined;
    return transactionSummary({ transaction, chain, signed: { id: toHex(transactionHash(bytes)), from } });
  } catch (error) {
    if (error instanceof CustodyError && !isError(error, TRANSACTION_TYPE)) return undefined;
    throw error;
  }
}

/** The chain that the transaction itself names; Ethereum's where it names none, for its reader refuses it then. */
function chainIn(bytes: Uint8Array): ChainId {
  const legacy = (bytes[0] ?? 0) >= 0xc0;
  const items = decodeRlp(legacy ? bytes : bytes.subarray(1), "transaction");
  const number = (place: number) => {
    const item = items instanceof Uint8Array ? undefined : items[place];
    return item instanceof Uint8Array ? readQuantity(item, 32, "transaction.chainId") : 0n;
  };
  if (!legacy) return named(number(0));
  const v = number(6);
  // Unsigned it stands there itself; signed it is part of v.
  return named(number(7) === 0n ? v : (v - 35n) / 2n);
}

function named(id: bigint): ChainId {
  return `eip155:${id > 0n ? id : 1n}` as ChainId;
}

function neverSummary(bytes: Uint8Array, { code, message }: CustodyError): Summary {
  return {
    kind: "transaction",
    data: { bytes: `0x${toHex(bytes)}` },
    facts: [["kind", `transaction of type ${bytes[0] ?? 0} of an EVM chain, ${bytes.length} bytes`]],
    warnings: [],
    refusals: [{ rule: code, why: message }],
    page: {
      message: undefined,
      pays: [],
      fee: "unknown",
      locks: [],
      takes: { title: "uses nothing that is known", each: [] },
    },
  };
}
