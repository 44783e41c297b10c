/**
 * Bytewords (BCR-2020-012): a byte as a four-letter word whose first and last letters alone name it. UR uses the minimal
 * style: those two letters. A CRC-32 of the body follows it, so a misread frame is known as such at once.
 */
import { declareError } from "../core/errors.ts";
import { crc32 } from "./crc32.ts";

export const BYTEWORDS_MALFORMED = declareError(
  "BYTEWORDS_MALFORMED",
  "invalid",
  "Text is not Bytewords (BCR-2020-012), or its checksum is wrong.",
);

const WORDS = `
  able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias blue body brag brew
  bulb buzz calm cash cats chef city claw code cola cook cost crux curl cusp cyan dark data days deli
  dice diet door down draw drop drum dull duty each easy echo edge epic even exam exit eyes fact fair
  fern figs film fish fizz flap flew flux foxy free frog fuel fund gala game gear gems gift girl glow
  good gray grim guru gush gyro half hang hard hawk heat help high hill holy hope horn huts iced idea
  idle inch inky into iris iron item jade jazz join jolt jowl judo jugs jump junk jury keep keno kept
  keys kick kiln king kite kiwi knob lamb lava lazy leaf legs liar limp lion list logo loud love luau
  luck lung main many math maze memo menu meow mild mint miss monk nail navy need news next noon note
  numb obey oboe omit onyx open oval owls paid part peck play plus poem pool pose puff puma purr quad
  quiz race ramp real redo rich road rock roof ruby ruin runs rust safe saga scar sets silk skew slot
  soap solo song stub surf swan taco task taxi tent tied time tiny toil tomb toys trip tuna twin ugly
  undo unit urge user vast very veto vial vibe view visa void vows wall wand warm wasp wave waxy webs
  what when whiz wolf work yank yawn yell yoga yurt zaps zero zest zinc zone zoom
`
  .trim()
  .split(/\s+/);

const PAIRS = WORDS.map((word) => word.charAt(0) + word.charAt(3));
const CHECKSUM_BYTES = 4;
const LETTERS = 26;

/** Byte by (first letter, last letter); -1 where no word has them. */
const BYTES = new Int16Array(LETTERS * LETTERS).fill(-1);
for (const [byte, pair] of PAIRS.entries()) BYTES[letter(pair, 0) * LETTERS + letter(pair, 1)] = byte;

/** `body` and its checksum in minimal style: two lowercase letters a byte. */
export function encodeBytewords(body: Uint8Array): string {
  let text = "";
  for (const byte of body) text += PAIRS[byte] ?? "";
  for (const byte of checksumOf(body)) text += PAIRS[byte] ?? "";
  return text;
}

/**
 * The body of minimal Bytewords, in letters of either case.
 * @throws BYTEWORDS_MALFORMED
 */
export function decodeBytewords(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >>> 1);
  if (text.length % 2 !== 0 || bytes.length <= CHECKSUM_BYTES) {
    throw BYTEWORDS_MALFORMED(`Bytewords have ${text.length} letters, expected an even number above 8`, HINT);
  }
  for (let index = 0; index < bytes.length; index++) {
    const first = letter(text, 2 * index);
    const last = letter(text, 2 * index + 1);
    const byte = first < LETTERS && last < LETTERS ? (BYTES[first * LETTERS + last] ?? -1) : -1;
    if (byte < 0) throw BYTEWORDS_MALFORMED(`no Byteword at letter ${2 * index + 1}`, HINT);
    bytes[index] = byte;
  }
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  const found = new DataView(bytes.buffer).getUint32(body.length);
  if (found !== crc32(body)) throw BYTEWORDS_MALFORMED("the checksum of the Bytewords is wrong", HINT);
  return body;
}

const HINT = { field: "frame", hint: "scan the frame again" };

/** 0 to 25 for a letter of either case; 26 and above, or a huge number, for anything else. */
function letter(text: string, index: number): number {
  return ((text.charCodeAt(index) | 0x20) - 0x61) >>> 0;
}

function checksumOf(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHECKSUM_BYTES);
  new DataView(bytes.buffer).setUint32(0, crc32(body));
  return bytes;
}
