/**
 * bitcoind writes amounts as JSON numbers with eight decimals (`0.29000000`), and `JSON.parse` would make binary floats
 * of them: 0.29 BTC becomes 28,999,999 sat (F17). Here every number that is not a safe integer stays text, digit for
 * digit, so that amounts are parsed by `parseAmount` and by nothing else.
 */

/**
 * RFC 8259 §6. A number before a colon stands where a key belongs: it is left alone, so that the text stays malformed. None
 * begins inside another: `111…1.` would be searched anew from each of its digits, and a node's one answer would take hours.
 */
const NUMBER = /(?<![-+.0-9eE])-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![-+.0-9eE])(?!\s*:)/g;

/**
 * Parses JSON; numbers with a point or an exponent, `-0`, and integers beyond 2^53 become strings of their own spelling.
 * @throws SyntaxError exactly where `JSON.parse` would
 * @example parseAmountJson('{"amount":0.29000000,"vout":1}') // { amount: "0.29000000", vout: 1 }
 */
export function parseAmountJson(text: string): unknown {
  return JSON.parse(quoteNumbers(text)) as unknown;
}

/** The same JSON with inexact numbers in quotes. Strings are stepped over, so megabytes of hex cost one search each. */
function quoteNumbers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, end).replace(NUMBER, (digits) => (isExact(digits) ? digits : `"${digits}"`)));
    if (quote === -1) break;
    at = stringEnd(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join("");
}

/** Index after the string that opens at `quote`; the text's end when it never closes (JSON.parse then refuses it). */
function stringEnd(text: string, quote: number): number {
  let close = text.indexOf('"', quote + 1);
  while (close !== -1 && isEscaped(text, close, quote)) close = text.indexOf('"', close + 1);
  return close === -1 ? text.length : close + 1;
}

/** Whether an odd number of backslashes stands right before `at`. */
function isEscaped(text: string, at: number, quote: number): boolean {
  let first = at;
  while (first - 1 > quote && text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

/** Whether a JavaScript number says what was written. */
function isExact(digits: string): boolean {
  return /^(?:0|-?[1-9][0-9]{0,14})$/.test(digits);
}
