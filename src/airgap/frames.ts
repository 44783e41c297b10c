/** A message as a row of frames, whatever their format: what screens, pictures and paper draw. */
import { encodeBbqr, type BbqrFileType } from "./bbqr.ts";
import { crc32 } from "./crc32.ts";
import { mixedNumbers } from "./frame-numbers.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "./ur.ts";

export type Frames = {
  /** Frames that the message is cut into. */
  readonly count: number;
  /** Whether a frame past the `count`th is new. Formats with a fixed row begin again instead. */
  readonly rateless: boolean;
  /** Letters of the longest frame: what decides how small the codes can be. */
  readonly characters: number;
  /** The text of frame `number`, from 0 without end. */
  readonly at: (number: number) => string;
};

/** Cuts a message anew whenever the size of its frames changes. */
export type FrameMaker = (charactersMax: number) => Frames;

/** Frames of a file by BBQr. Throws BBQR_UNFIT when called with a size that the file cannot be cut to. */
export function bbqrFrames(bytes: Uint8Array, type: BbqrFileType): FrameMaker {
  return (charactersMax) => {
    const parts = encodeBbqr(bytes, { type, charactersMax });
    const [first] = parts as readonly [string];
    return {
      count: parts.length,
      rateless: false,
      characters: first.length,
      at: (number) => parts[number % parts.length] ?? first,
    };
  };
}

/** Frame numbers that a UR counts up to before it begins again: at five a second, five hours. */
const UR_FRAMES_MAX = 99_999;

/** Types that our own decoder reads, which solves for the fragments; other makers' are shown frame after frame. */
const OURS = /^custody-/;

/** Beside its fragment a frame carries five CBOR items, of 22 bytes at most, and a checksum of 4. */
const UR_OVERHEAD_BYTES = 26;

/**
 * Frames of `cbor` by UR. Throws UR_MALFORMED or UR_TOO_LARGE when called with a size that it cannot be cut to.
 */
export function urFrames(type: string, cbor: Uint8Array): FrameMaker {
  return (charactersMax) => {
    const prefix = `ur:${type}/${UR_FRAMES_MAX}-${UR_FRAMES_MAX}/`.length;
    const room = Math.floor((charactersMax - prefix) / 2) - UR_OVERHEAD_BYTES;
    const ur = encodeUr(type, cbor, Math.min(room, FRAGMENT_BYTES_MAX), "uppercase");
    const { length: count, single } = ur;
    if (single !== undefined) return { count, rateless: false, characters: single.length, at: () => single };
    const numberAt = OURS.test(type)
      ? mixedNumbers(count, crc32(cbor), UR_FRAMES_MAX)
      : (place: number) => (place % UR_FRAMES_MAX) + 1;
    return {
      count,
      rateless: true,
      characters: prefix + 2 * (Math.ceil(cbor.length / count) + UR_OVERHEAD_BYTES),
      at: (number) => ur.parts(numberAt(number)).next().value as string,
    };
  };
}

/** The first `count` frames, or one whole row of them. For pictures and paper, which have an end. */
export function firstFrames(frames: Frames, count: number = frames.count): readonly string[] {
  return Array.from({ length: count }, (_, number) => frames.at(number));
}
