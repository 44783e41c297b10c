import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../src/core/limits.ts";
import { parseRequestCsv } from "../../../../src/withdrawals/intake/csv.ts";
import { parseRequestLines } from "../../../../src/withdrawals/intake/json-lines.ts";
import { REQUEST_FILE_TOO_LONG } from "../../../../src/withdrawals/intake/listed.ts";
import { codeOf } from "../../../factory/thrown.ts";

const HEAD = "customer,asset,amount,to,key\n";
const ROW = JSON.stringify({ customer: "c", asset: "btc", amount: "1", to: "x", key: "k" });
const MAX = LIMITS.requestFileRowsMax;

describe("a file with too many rows is refused whole", () => {
  test.each([
    ["JSON Lines", (rows: number) => parseRequestLines(`${ROW}\n`.repeat(rows))],
    ["CSV", (rows: number) => parseRequestCsv(HEAD + "c,btc,1,x,k\n".repeat(rows))],
  ])("%s: the last row that is taken, and one more", (_, parse) => {
    expect(parse(MAX)).toHaveLength(MAX);
    expect(codeOf(() => parse(MAX + 1))).toBe(REQUEST_FILE_TOO_LONG.code);
  });

  test("and so is a row behind more empty lines than that: it is not passed over in silence", () => {
    expect(parseRequestLines(`${"\n".repeat(MAX - 1)}${ROW}`)).toHaveLength(1);
    expect(codeOf(() => parseRequestLines(`${"\n".repeat(MAX + 5)}${ROW}`))).toBe(REQUEST_FILE_TOO_LONG.code);
  });
});
