/**
 * `crypto-hdkey` (BCR-2020-007) of one derived public key, as ERC-4527 shows an account of an EVM chain. It has no chain
 * code, which the standard leaves out where no further keys can be derived.
 */
import { encodeCbor, type Cbor } from "../cbor.ts";
import { COIN_INFO_TAGS, FIELD } from "./hd-key.ts";
import { writeKeyPath, type KeyPath } from "./key-path.ts";

export type DerivedKey = {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly origin: KeyPath;
  /** What the other device's screen shall call it. */
  readonly name: string;
};

/** SLIP-44's number of Ether. The network is left out, which is 0: other numbers mean another thing for each coin. */
const COIN = { tag: COIN_INFO_TAGS[0], value: new Map([[1, 60]]) };

/** The CBOR of a UR of type `crypto-hdkey`. */
export function derivedKeyCbor({ publicKey, origin, name }: DerivedKey): Uint8Array {
  return encodeCbor(
    new Map<number, Cbor>([
      [FIELD.key, publicKey],
      [FIELD.use, COIN],
      [FIELD.origin, writeKeyPath(origin)],
      [FIELD.name, name],
    ]),
  );
}
