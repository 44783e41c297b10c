/** Why a call was reverted, in the words of its contract, as far as they can be read. */
import { fromHex } from "../../core/hex.ts";
import { excerpt, visibleText } from "../../core/text.ts";

/** Selectors of solidity's own errors: `Error(string)`, `Panic(uint256)`. */
const ERROR = "08c379a0";
const PANIC = "4e487b71";
const WORD = 64;

/** Of solidity's documentation, "Panic via assert and Error via require". */
const PANICS: Readonly<Record<string, string>> = {
  "1": "an assertion failed",
  "11": "a sum or product overflowed",
  "12": "division by zero",
  "21": "an enum has no such value",
  "22": "a stored byte array is broken",
  "31": "pop of an empty array",
  "32": "an index is out of bounds",
  "41": "too much memory was asked for",
  "51": "a function that was never set was called",
};

/** @param data what the call returned as it reverted, hex without `0x` */
export function revertReason(data: string): string {
  const [selector, rest] = [data.slice(0, 8), data.slice(8)];
  if (data === "") return "reverted without a reason";
  if (selector === ERROR)
    return `reverted: ${stringIn(rest) ?? `Error with unreadable text ${excerpt(rest)}`}`;
  if (selector === PANIC && rest.length === WORD) {
    const code = BigInt(`0x${rest}`).toString(16);
    return `panicked: ${PANICS[code] ?? `code 0x${code}`}`;
  }
  return `reverted with error 0x${excerpt(data)}`;
}

/** The one string of ABI-encoded arguments: offset 32, length, bytes padded with zeros. */
function stringIn(rest: string): string | undefined {
  if (rest.length < 2 * WORD || rest.length % WORD !== 0) return undefined;
  if (BigInt(`0x${rest.slice(0, WORD)}`) !== 32n) return undefined;
  const length = BigInt(`0x${rest.slice(WORD, 2 * WORD)}`);
  const room = (rest.length - 2 * WORD) / 2;
  if (length > BigInt(room)) return undefined;
  const bytes = fromHex(rest.slice(2 * WORD, 2 * WORD + 2 * Number(length)));
  return `"${excerpt(visibleText(Buffer.from(bytes).toString("utf8")))}"`;
}
