/**
 * An externally owned account as the policy pins it: `eoa([fingerprint/44h/60h/0h/0/0]02…)#checksum`. A key expression of
 * BIP-380 with its origin, in a form of our own: no descriptor language of the field knows accounts. One key, one account.
 */
import * as ecc from "tiny-secp256k1";
import { networkOf, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { descriptorChecksum } from "../descriptor-checksum.ts";
import { formatStep, HARDENED, parseSteps, type OriginKey } from "../key-path.ts";
import { addressOfKey, type Address } from "./address.ts";

export type AccountDescriptor = {
  /** Canonical: hardened steps as `h`, with checksum. */
  readonly text: string;
  readonly key: OriginKey;
  readonly address: Address;
};

export const DESCRIPTOR_MALFORMED = declareError(
  "EVM_DESCRIPTOR_MALFORMED",
  "invalid",
  "An account's descriptor cannot be read.",
);
export const DESCRIPTOR_CHECKSUM = declareError(
  "EVM_DESCRIPTOR_CHECKSUM",
  "invalid",
  "The checksum of an account's descriptor is missing or wrong (BIP-380).",
);
export const DESCRIPTOR_PATH = declareError(
  "EVM_DESCRIPTOR_PATH",
  "invalid",
  "The key of an account's descriptor does not lie where BIP-44 puts keys of its chain.",
);

const TEXT = /^eoa\(\[([0-9a-f]{8})\/([0-9h'/]+)\]([0-9a-f]{66})\)#([a-z0-9]{8})$/;

/** SLIP-44: every chain of this family uses Ether's number, as wallets do everywhere; test networks share 1. */
const coinTypeOf = (chain: ChainId) => (networkOf(chain) === "mainnet" ? 60 : 1);

/**
 * @throws EVM_DESCRIPTOR_MALFORMED, EVM_DESCRIPTOR_CHECKSUM, EVM_DESCRIPTOR_PATH
 */
export function parseAccountDescriptor(
  text: string,
  chain: ChainId,
  field = "descriptor",
): AccountDescriptor {
  const [, fingerprint, steps, digits, checksum] = TEXT.exec(text) ?? [];
  const path = parseSteps(steps ?? "");
  if (fingerprint === undefined || digits === undefined || path === undefined || path.length === 0)
    throw malformed(field);
  const publicKey = fromHex(digits, field);
  if (!ecc.isPointCompressed(publicKey)) throw malformed(field);
  if (descriptorChecksum(text.slice(0, text.indexOf("#"))) !== checksum) {
    throw DESCRIPTOR_CHECKSUM(`${field} has a wrong checksum`, {
      field,
      hint: "export the account from its signer again",
    });
  }
  assertPath(path, chain, field);
  return describe({ fingerprint, path, publicKey });
}

/** The descriptor of the account whose key this is. @param key compressed */
export function describeAccount(key: OriginKey, chain: ChainId): AccountDescriptor {
  assertPath(key.path, chain, "key");
  return describe(key);
}

function describe(key: OriginKey): AccountDescriptor {
  const { fingerprint, path, publicKey } = key;
  const body = `eoa([${[fingerprint, ...path.map(formatStep)].join("/")}]${toHex(publicKey)})`;
  return {
    text: `${body}#${descriptorChecksum(body) ?? ""}`,
    key,
    address: addressOfKey(ecc.pointCompress(publicKey, false).subarray(1)),
  };
}

// As attack B19: a key of one network's path must not sign for another, where the same account would stand.
function assertPath(path: readonly number[], chain: ChainId, field: string): void {
  const wanted = [44 + HARDENED, coinTypeOf(chain) + HARDENED];
  if (path.length === 5 && wanted.every((step, place) => path[place] === step)) return;
  throw DESCRIPTOR_PATH(`${field} has the path m/${path.map(formatStep).join("/")}`, {
    field,
    hint: `derive the key as BIP-44 says: m/44h/${coinTypeOf(chain)}h/0h/0/0`,
  });
}

function malformed(field: string) {
  return DESCRIPTOR_MALFORMED(`${field} is not of the form eoa([fingerprint/44h/60h/0h/0/0]02…)#checksum`, {
    field,
    hint: "export the account from its signer again",
  });
}
