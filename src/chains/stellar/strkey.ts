/**
 * Keys and ids as text (SEP-23): base32 of a byte that says their kind, the bytes themselves, and a CRC-16. Strict: there is one
 * text for each id. Seeds (`S…`) are named so that they can be refused before anything of them is shown.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes, equalBytes } from "../../core/hex.ts";

export const STRKEY_MALFORMED = declareError(
  "STELLAR_STRKEY_MALFORMED",
  "invalid",
  "A text is not a Stellar key or id: a letter is wrong, missing or too many (SEP-23).",
);
export const STRKEY_KIND = declareError(
  "STELLAR_STRKEY_KIND",
  "invalid",
  "A Stellar key or id is of another kind than the one that is asked for.",
);
export const STRKEY_SECRET = declareError(
  "STELLAR_STRKEY_SECRET",
  "denied",
  "A text is a secret seed of a Stellar account: it belongs on no machine that has a network.",
);

/** What a text begins with, its first byte, and how many bytes it holds; of signed payloads the most. */
const KINDS = {
  account: { letter: "G", version: 6 << 3, length: 32 },
  muxed: { letter: "M", version: 12 << 3, length: 40 },
  contract: { letter: "C", version: 2 << 3, length: 32 },
  preAuthTx: { letter: "T", version: 19 << 3, length: 32 },
  hashX: { letter: "X", version: 23 << 3, length: 32 },
  signedPayload: { letter: "P", version: 15 << 3, length: 100 },
  claimableBalance: { letter: "B", version: 1 << 3, length: 33 },
  liquidityPool: { letter: "L", version: 11 << 3, length: 32 },
} as const;

export type StrkeyKind = keyof typeof KINDS;

const SEED_VERSION = 18 << 3;

const IN_WORDS: Readonly<Record<StrkeyKind, string>> = {
  account: "an account (G…)",
  muxed: "a muxed account (M…)",
  contract: "a contract (C…)",
  preAuthTx: "the hash of a transaction (T…)",
  hashX: "a hash (X…)",
  signedPayload: "a signed payload (P…)",
  claimableBalance: "a claimable balance (B…)",
  liquidityPool: "a liquidity pool (L…)",
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function encodeStrkey(kind: StrkeyKind, bytes: Uint8Array): string {
  const body = concatBytes(Uint8Array.of(KINDS[kind].version), bytes);
  return base32(concatBytes(body, checksum(body)));
}

/** @throws STELLAR_STRKEY_MALFORMED, STELLAR_STRKEY_SECRET */
export function decodeStrkey(
  text: string,
  field: string,
): { readonly kind: StrkeyKind; readonly bytes: Uint8Array } {
  const whole = bytesOf(text);
  if (whole?.[0] === SEED_VERSION || /^S[A-Z2-7]{55}$/.test(text)) {
    throw STRKEY_SECRET(`${field} is a secret seed`, {
      field,
      hint: "whoever has read it can take what its account holds: move that away",
    });
  }
  const kind = kindOf(whole);
  if (whole === undefined || kind === undefined) throw malformed(field);
  const body = whole.subarray(0, -2);
  if (!equalBytes(whole.subarray(-2), checksum(body))) throw malformed(field);
  return { kind, bytes: body.slice(1) };
}

/** The bytes of a text of one kind. @throws STELLAR_STRKEY_KIND, and as `decodeStrkey` */
export function strkeyBytes(text: string, wanted: StrkeyKind, field: string): Uint8Array {
  const { kind, bytes } = decodeStrkey(text, field);
  if (kind === wanted) return bytes;
  throw STRKEY_KIND(`${field} is ${IN_WORDS[kind]}, and not ${IN_WORDS[wanted]}`, { field });
}

function kindOf(whole: Uint8Array | undefined): StrkeyKind | undefined {
  if (whole === undefined) return undefined;
  const length = whole.length - 3;
  return (Object.keys(KINDS) as StrkeyKind[]).find((kind) => {
    const { version, length: most } = KINDS[kind];
    if (whole[0] !== version) return false;
    if (kind === "signedPayload") return isSignedPayload(whole.subarray(1, -2));
    // A claimable balance's first byte is its version, of which there is one.
    return length === most && (kind !== "claimableBalance" || whole[1] === 0);
  });
}

// A key, the payload's length, the payload, and zeros up to a multiple of four: as XDR has it.
function isSignedPayload(bytes: Uint8Array): boolean {
  if (bytes.length < 40 || bytes.length > KINDS.signedPayload.length) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(32);
  const padded = Math.ceil(length / 4) * 4;
  return (
    length >= 1 &&
    length <= 64 &&
    bytes.length === 36 + padded &&
    bytes.subarray(36 + length).every((byte) => byte === 0)
  );
}

// Bits that are left over are zeros, or two texts would be one id.
function bytesOf(text: string): Uint8Array | undefined {
  if (text.length < 5 || text.length > 200) return undefined;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return bits < 5 && held === 0 ? Uint8Array.from(bytes) : undefined;
}

function base32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += LETTERS[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + LETTERS[(held << (5 - bits)) & 31];
}

/** CRC-16/XMODEM, the low byte first. */
function checksum(bytes: Uint8Array): Uint8Array {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return Uint8Array.of(crc & 0xff, crc >> 8);
}

function malformed(field: string) {
  return STRKEY_MALFORMED(`${field} is not a Stellar key or id`, {
    field,
    hint: "copy it again, whole, from where it is shown",
  });
}
