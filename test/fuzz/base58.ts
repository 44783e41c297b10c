/** Base58 and bech32 with checksums that fit whatever they hold: written here, so that spoilt contents pass the checksum. */
import { sha256 } from "../../src/core/digest.ts";
import { concatBytes } from "../../src/core/hex.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Base58Check of any bytes. */
export function base58Check(payload: Uint8Array): string {
  const bytes = concatBytes(payload, sha256(sha256(payload)).subarray(0, 4));
  let number = bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = BASE58.charAt(Number(number % 58n)) + text;
  return "1".repeat(bytes.findIndex((byte) => byte !== 0)) + text;
}

/** The payload of Base58Check; of no interest whether its checksum was right. */
export function fromBase58Check(text: string): Uint8Array {
  let number = [...text].reduce((value, letter) => value * 58n + BigInt(BASE58.indexOf(letter)), 0n);
  const bytes: number[] = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 0xffn));
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  return Uint8Array.from([...Array<number>(zeros).fill(0), ...bytes]).subarray(0, -4);
}

/** Bech32 (constant 1) or bech32m (0x2bc830a3) of groups of five bits (BIP-173, BIP-350). */
export function bech32(prefix: string, groups: readonly number[], constant: number): string {
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  const expanded = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31)];
  const sum = polymod([...expanded, ...groups, 0, 0, 0, 0, 0, 0]) ^ constant;
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...groups, ...checksum].map((group) => BECH32.charAt(group)).join("")}`;
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((term, bit) => {
      if (((top >>> bit) & 1) === 1) sum ^= term;
    });
  }
  return sum;
}
