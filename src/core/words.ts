import { wordlists } from "bip39";
import { assert } from "./errors.ts";
import { fromHex } from "./hex.ts";
import type { Digest } from "./digest.ts";

/**
 * Words for comparing two screens. Six words carry 66 bits: they catch mix-ups and cost an attacker 2^66 tries,
 * so no gate relies on them. Where a person's comparison *is* the protection (policy pin, wallet registration,
 * signer identity) all 256 bits are compared, as 24 words: the 11-bit groups of digest ‖ 0x00 from the left.
 * Not BIP-39 mnemonics: there is no checksum, and they restore nothing.
 */
export function checkWords(digest: Digest): string {
  return words(digest, 6);
}

/** All 256 bits of `digest` as 24 words. */
export function fullWords(digest: Digest): string {
  return words(digest, 24);
}

function words(digest: Digest, count: number): string {
  const list = wordlists["english"];
  assert(list?.length === 2048, "the English BIP-39 list is there");
  const bits = [...fromHex(digest, "digest", 32), 0]
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  const picked: string[] = [];
  for (let i = 0; i < count; i++)
    picked.push(list[Number.parseInt(bits.slice(11 * i, 11 * i + 11), 2)] as string);
  return picked.join(" ");
}
