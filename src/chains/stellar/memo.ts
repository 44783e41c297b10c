/**
 * Memos as documents and people have them: `text:…`, `id:…`, `hash:…`, `return:…`, as SEP-7 names their kinds. A memo is part of
 * the destination that people have signed: what lacks it pays somebody else (F19).
 */
import { declareError } from "../../core/errors.ts";
import { fromHex, toHex, utf8 } from "../../core/hex.ts";
import { quoted, visibleText } from "../../core/text.ts";
import type { XdrMemo } from "./xdr/accounts.ts";

export const MEMO_MALFORMED = declareError(
  "STELLAR_MEMO_MALFORMED",
  "invalid",
  "A memo is none of text of up to 28 bytes, a number of 64 bits, or a hash.",
);
export const MEMO_UNREADABLE = declareError(
  "STELLAR_MEMO_UNREADABLE",
  "denied",
  "A transaction's memo is a text that nobody can read as it stands there.",
);

const TEXT_BYTES_MAX = 28;
const ID_MAX = 2n ** 64n - 1n;

/** @throws STELLAR_MEMO_MALFORMED */
export function parseMemo(text: string, field = "memo"): XdrMemo {
  const cut = text.indexOf(":");
  const [kind, value] = [text.slice(0, Math.max(0, cut)), text.slice(cut + 1)];
  if (kind === "text" && isReadable(value) && utf8(value).length <= TEXT_BYTES_MAX && value !== "")
    return { type: "text", value: utf8(value) };
  if (kind === "id" && /^(0|[1-9][0-9]{0,19})$/.test(value) && BigInt(value) <= ID_MAX)
    return { type: "id", value: BigInt(value) };
  if ((kind === "hash" || kind === "return") && /^[0-9a-f]{64}$/.test(value))
    return { type: kind, value: fromHex(value) };
  throw MEMO_MALFORMED(`${field} ${quoted(text)} is no memo`, {
    field,
    hint: "text:WORDS of up to 28 bytes, id:NUMBER, hash:HEX or return:HEX of 64 digits",
  });
}

/** As `parseMemo` reads it; undefined of none. @throws STELLAR_MEMO_UNREADABLE */
export function memoText(memo: XdrMemo, field = "memo"): string | undefined {
  switch (memo.type) {
    case "none":
      return undefined;
    case "id":
      return `id:${memo.value}`;
    case "hash":
    case "return":
      return `${memo.type}:${toHex(memo.value)}`;
    case "text": {
      const value = new TextDecoder("utf-8", { ignoreBOM: true }).decode(memo.value);
      if (isReadable(value) && value !== "" && toHex(utf8(value)) === toHex(memo.value))
        return `text:${value}`;
      throw MEMO_UNREADABLE(`${field} is a text that cannot be shown as it is`, {
        field,
        hint: "do not sign: what is read here would not be what is sent",
      });
    }
  }
}

const isReadable = (text: string): boolean => visibleText(text) === text;
