/** Base58Check for extended keys (BIP-32): the library's own knows addresses of 21 bytes alone. */
import { concatBytes } from "../../../core/hex.ts";
import { hash256 } from "../wire.ts";

const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** `payload` with four bytes of its double SHA-256, in base 58; each leading zero byte is a 1. */
export function toBase58Check(payload: Uint8Array): string {
  const bytes = concatBytes(payload, hash256(payload).subarray(0, 4));
  let number = bytes.reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = `${LETTERS.charAt(Number(number % 58n))}${text}`;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}
