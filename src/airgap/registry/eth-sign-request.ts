/**
 * `eth-sign-request` and `eth-signature` (ERC-4527): how devices of other makers are asked for an account's signature, and
 * answer. Read strictly: a field, tag or kind of data that is not known is refused.
 */
import { LIMITS } from "../../core/limits.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../cbor.ts";
import { readKeyPath, writeKeyPath, type KeyPath } from "./key-path.ts";
import { malformed, readBytes, readMap, readTagged, tagOf } from "./structure.ts";

/** ERC-4527's `sign-data-type`. Of a legacy transaction the data is its RLP with EIP-155's places, of type 4 the EIP-2718 bytes. */
export const DATA_TYPES = { legacy: 1, typedData: 2, rawBytes: 3, typedTransaction: 4 } as const;
export type DataType = keyof typeof DATA_TYPES;

export type EthSignRequest = {
  /** A UUID's 16 bytes. */
  readonly requestId: Uint8Array;
  readonly signData: Uint8Array;
  readonly dataType: DataType;
  /** The number in `eip155:<number>`: always said, for without it a signature may be good elsewhere (attack E1). */
  readonly chainId: number;
  readonly path: KeyPath;
  /** The account, 20 bytes. */
  readonly address?: Uint8Array | undefined;
  /** Who asks, as the device shows it. */
  readonly origin?: string | undefined;
};

export type EthSignature = {
  readonly requestId: Uint8Array;
  /** r and s in 32 bytes each, and v, of a legacy transaction in as many as it needs. */
  readonly signature: Uint8Array;
  readonly origin?: string | undefined;
};

const UUID = 37;
const REQUEST = {
  requestId: 1,
  signData: 2,
  dataType: 3,
  chainId: 4,
  path: 5,
  address: 6,
  origin: 7,
} as const;
const ANSWER = { requestId: 1, signature: 2, origin: 3 } as const;
/** Tags that the value itself may have, though at the top the standard wants none. */
const REQUEST_TAG = 401;
const ANSWER_TAG = 402;
const V_BYTES_MAX = 8;

/** The CBOR of a UR of type `eth-sign-request`. */
export function ethSignRequestCbor(request: EthSignRequest): Uint8Array {
  const { requestId, signData, dataType, chainId, path, address, origin } = request;
  return encodeCbor(
    new Map<number, Cbor>([
      [REQUEST.requestId, { tag: UUID, value: requestId }],
      [REQUEST.signData, signData],
      [REQUEST.dataType, DATA_TYPES[dataType]],
      [REQUEST.chainId, chainId],
      [REQUEST.path, writeKeyPath(path)],
      ...(address === undefined ? [] : [[REQUEST.address, address] as const]),
      ...(origin === undefined ? [] : [[REQUEST.origin, origin] as const]),
    ]),
  );
}

/** @throws UR_STRUCTURE_MALFORMED, CBOR_MALFORMED */
export function readEthSignRequest(cbor: Uint8Array): EthSignRequest {
  const map = readMap(untagged(decodeCbor(cbor), REQUEST_TAG), Object.values(REQUEST), "a request");
  const signData = map.get(REQUEST.signData);
  if (!(signData instanceof Uint8Array) || signData.length === 0)
    throw malformed("a request's data", "is missing, or no bytes");
  const type = map.get(REQUEST.dataType);
  const dataType = (Object.keys(DATA_TYPES) as DataType[]).find((name) => DATA_TYPES[name] === type);
  if (dataType === undefined) throw malformed("a request's data", "is of a kind that is not known here");
  const chainId = map.get(REQUEST.chainId);
  if (typeof chainId !== "number" || chainId === 0) throw malformed("a request", "names no chain");
  const address = map.get(REQUEST.address);
  return {
    requestId: readUuid(map.get(REQUEST.requestId)),
    signData,
    dataType,
    chainId,
    path: readKeyPath(map.get(REQUEST.path)),
    ...(address === undefined ? {} : { address: readBytes(address, 20, "a request's account") }),
    ...readOrigin(map.get(REQUEST.origin)),
  };
}

/** The CBOR of a UR of type `eth-signature`. */
export function ethSignatureCbor({ requestId, signature, origin }: EthSignature): Uint8Array {
  return encodeCbor(
    new Map<number, Cbor>([
      [ANSWER.requestId, { tag: UUID, value: requestId }],
      [ANSWER.signature, signature],
      ...(origin === undefined ? [] : [[ANSWER.origin, origin] as const]),
    ]),
  );
}

/** @throws UR_STRUCTURE_MALFORMED, CBOR_MALFORMED */
export function readEthSignature(cbor: Uint8Array): EthSignature {
  const map = readMap(untagged(decodeCbor(cbor), ANSWER_TAG), Object.values(ANSWER), "an answer");
  const signature = map.get(ANSWER.signature);
  if (!(signature instanceof Uint8Array) || signature.length < 65 || signature.length > 64 + V_BYTES_MAX)
    throw malformed("an answer's signature", "is not r, s and v");
  return {
    requestId: readUuid(map.get(ANSWER.requestId)),
    signature,
    ...readOrigin(map.get(ANSWER.origin)),
  };
}

function untagged(value: Cbor, tag: number): Cbor {
  return tagOf(value)?.tag === tag ? readTagged(value, [tag], "the value") : value;
}

function readUuid(value: Cbor | undefined): Uint8Array {
  return readBytes(readTagged(value, [UUID], "a request's id"), 16, "a request's id");
}

function readOrigin(value: Cbor | undefined): { readonly origin?: string } {
  if (value === undefined) return {};
  if (typeof value !== "string" || value.length > LIMITS.textCharactersMax)
    throw malformed("who asks", "is no short text");
  return { origin: value };
}
