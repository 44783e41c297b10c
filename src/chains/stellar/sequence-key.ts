/**
 * What transactions of one account compete for: its sequence number (law 4). A ledger takes one transaction for each, and an account
 * that is made anew begins above all that it had (the ledger's number times 2^32).
 */
import { isStellarChain, type ChainId } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import { declareError, isError } from "../../core/errors.ts";
import { quoted } from "../../core/text.ts";
import type { Address } from "./address.ts";
import { decodeStrkey, STRKEY_MALFORMED, STRKEY_SECRET } from "./strkey.ts";

export const SEQUENCE_MALFORMED = declareError(
  "STELLAR_SEQUENCE_MALFORMED",
  "usage",
  "A sequence number is named by its account and its number: ACCOUNT:NUMBER.",
);

export type AccountSequence = {
  readonly chain: ChainId;
  readonly address: Address;
  readonly sequence: bigint;
};

/** `stellar:pubnet:sequence:G…:41`. */
export function sequenceKey({ chain, address, sequence }: AccountSequence): string {
  return conflictKey(chain, "sequence", `${address}:${sequence}`);
}

const KEY = /^(stellar:[a-z]{1,32}):sequence:(G[A-Z2-7]{55}):([1-9][0-9]{0,18})$/;
const SEQUENCE_MAX = 2n ** 63n - 1n;

/** What a conflict key names; undefined where it is another chain's, of another kind, or spelt otherwise than ours. */
export function sequenceOf(key: string): AccountSequence | undefined {
  const [, chain, account, number] = KEY.exec(key) ?? [];
  if (chain === undefined || account === undefined || number === undefined) return undefined;
  if (!isStellarChain(chain) || !isAccount(account) || BigInt(number) > SEQUENCE_MAX) return undefined;
  return { chain: chain as ChainId, address: account as Address, sequence: BigInt(number) };
}

function isAccount(text: string): boolean {
  try {
    return decodeStrkey(text, "key").kind === "account";
  } catch (error) {
    if (isError(error, STRKEY_MALFORMED, STRKEY_SECRET)) return false;
    throw error;
  }
}

/** The number that is used before this one: a ledger takes the numbers of an account in their row. */
export function before(key: string): string | undefined {
  const found = sequenceOf(key);
  return found === undefined || found.sequence <= 1n
    ? undefined
    : sequenceKey({ ...found, sequence: found.sequence - 1n });
}

/** No transaction makes a sequence number. */
export function makerOf(): undefined {
  return undefined;
}

/** For people: `sequence 41 of G…`. Another key comes back as it is. */
export function keyInWords(key: string): string {
  const found = sequenceOf(key);
  return found === undefined ? key : `sequence ${found.sequence} of ${found.address}`;
}

/** The conflict key of a sequence number as people name it: `G…:41`, or its whole key. @throws STELLAR_SEQUENCE_MALFORMED */
export function namedKey(text: string, chain: ChainId): string {
  const key = text.startsWith("stellar:") ? text : conflictKey(chain, "sequence", text);
  if (sequenceOf(key)?.chain === chain) return key;
  throw SEQUENCE_MALFORMED(`${quoted(text)} names no sequence number on ${chain}`, {
    field: "coin",
    hint: "ACCOUNT:NUMBER",
  });
}
