/**
 * Which frames of an animated UR to show, where the reader is ours.
 *
 * The standard draws how many fragments a frame mixes so that readers can take frames apart one by one; a fifth of them is
 * a single fragment again, mostly one that was seen. A reader that solves linear equations is better off with frames that
 * mix several: with 30 % of frames lost it then needs 1.01 times as many as any code could, in place of 1.13 (100
 * fragments), and 1.04 in place of 1.16 (50). A frame's number says what it mixes, so leaving numbers out is all it takes,
 * and what is shown stays a UR that every reader of the standard knows (BCR-2024-001).
 */
import { FragmentChooser } from "./fragment-chooser.ts";

/** More mixing costs time and saves nothing: so few keep equations independent for as many fragments as there may be. */
const MIXED_MIN = 8;

/**
 * Numbers of the frames to show by place, from 0: first the fragments in order, then frames that mix many of them.
 * @param count fragments of the message
 * @param checksum its CRC-32
 * @param numberMax after this number the row begins again
 */
export function mixedNumbers(count: number, checksum: number, numberMax: number): (place: number) => number {
  const chooser = new FragmentChooser(count, checksum);
  const least = Math.min(MIXED_MIN, Math.ceil(count / 2));
  // All fragments together are one equation, new only once.
  const most = Math.max(2, count - 1);
  const mixed: number[] = [];
  let next = count + 1;
  return (place) => {
    for (; count + mixed.length <= place && next <= numberMax; next++) {
      const degree = chooser.degree(next);
      if (degree >= least && degree <= most) mixed.push(next);
    }
    const index = place % (count + mixed.length);
    return mixed[index - count] ?? index + 1;
  };
}
