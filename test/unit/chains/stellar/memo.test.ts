/** Memos are what an owner tells payments apart by: one text for each, and none that reads otherwise than it is sent (F19). */
import { Memo } from "@stellar/stellar-base";
import { describe, expect, test } from "vitest";
import { memoText, parseMemo } from "../../../../src/chains/stellar/memo.ts";
import { MEMO } from "../../../../src/chains/stellar/xdr/accounts.ts";
import { encodeXdr } from "../../../../src/chains/stellar/xdr/type.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import { codeOf } from "../../../factory/thrown.ts";

const HASH = "0f".repeat(32);

describe("a memo", () => {
  test.each([
    ["text:invoice 7", Memo.text("invoice 7")],
    ["text:žluťoučký kůň", Memo.text("žluťoučký kůň")],
    ["id:0", Memo.id("0")],
    ["id:18446744073709551615", Memo.id("18446744073709551615")],
    [`hash:${HASH}`, Memo.hash(HASH)],
    [`return:${HASH}`, Memo.return(HASH)],
  ])("%s is as stellar-base has it, and reads as it was written", (text, theirs) => {
    const memo = parseMemo(text);
    expect(toHex(encodeXdr(MEMO, memo))).toBe(theirs.toXDRObject().toXDR("hex"));
    expect(memoText(memo)).toBe(text);
  });

  test.each([
    "",
    "invoice 7",
    "text:",
    `text:${"a".repeat(29)}`,
    "text:a\u202Eb",
    "text:a\nb",
    "id:01",
    "id:-1",
    "id:18446744073709551616",
    `hash:${HASH.slice(2)}`,
    `hash:${HASH.toUpperCase()}`,
    `HASH:${HASH}`,
  ])("%j is none", (text) => expect(codeOf(() => parseMemo(text))).toBe("STELLAR_MEMO_MALFORMED"));

  test.each([new Uint8Array(), Uint8Array.of(0xff), utf8("a\u202Eb"), utf8("a\u0000b")])(
    "a text that nobody can read as it stands there is refused: %j",
    (value) => expect(codeOf(() => memoText({ type: "text", value }))).toBe("STELLAR_MEMO_UNREADABLE"),
  );
});
