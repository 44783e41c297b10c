/** Our frames and those of @ngraveio/bc-ur are the same text, and each side reads what the other showed. */
import { UR, URDecoder, UREncoder } from "@ngraveio/bc-ur";
import { describe, expect, test } from "vitest";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { encodeUr } from "../../src/airgap/ur.ts";
import { take, wolfCbor } from "../factory/ur-frames.ts";

/** Bytes of the message, and of a fragment at most. */
const CASES = [
  [1, 10],
  [50, 100],
  [100, 30],
  [256, 30],
  [1000, 33],
  [5000, 100],
  [32767, 1000], // `test_multipart_ur` of bc-ur
] as const;

describe.each(CASES)("%i bytes in fragments of at most %i", (length, size) => {
  const cbor = wolfCbor(length);
  const ours = encodeUr("bytes", cbor, size);
  const oracle = (first = 0) => new UREncoder(new UR(Buffer.from(cbor), "bytes"), size, first);

  test("are the same frames", () => {
    const theirs = oracle();
    const count = 3 * ours.length + 20;
    const expected = Array.from({ length: count }, () => theirs.nextPart());
    if (ours.single === undefined) expect(take(ours.parts(), count)).toEqual(expected);
    else expect(ours.single).toBe(expected[0]);
  });

  test("we read theirs, begun in the middle", () => {
    const theirs = oracle(100);
    const decoder = new UrDecoder();
    let progress = decoder.receive(theirs.nextPart());
    for (let count = 0; progress.type !== "done" && count < 500; count++)
      progress = decoder.receive(theirs.nextPart());
    expect(progress).toEqual({ type: "done", urType: "bytes", cbor });
  });

  test("they read ours, begun in the middle", () => {
    const decoder = new URDecoder();
    const parts = ours.parts(101);
    if (ours.single !== undefined) decoder.receivePart(ours.single);
    for (let count = 0; !decoder.isComplete() && count < 2000; count++)
      decoder.receivePart(take(parts, 1)[0] ?? "");
    expect(decoder.isSuccess()).toBe(true);
    expect(new Uint8Array(decoder.resultUR().cbor)).toEqual(cbor);
  });
});
