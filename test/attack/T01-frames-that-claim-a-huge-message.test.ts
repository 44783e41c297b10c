/**
 * T1: a frame whose header claims a million fragments, so that the reader takes memory for them or computes for minutes
 * (SeedSigner issue 970; @ngraveio/bc-ur makes an array of that length from the first frame).
 */
import { describe, expect, test } from "vitest";
import { decodeBytewords } from "../../src/airgap/bytewords.ts";
import { decodePart } from "../../src/airgap/fountain-part.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { encodeUr, parseFrame } from "../../src/airgap/ur.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { frameText, take, wolfCbor } from "../factory/ur-frames.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";

const claim = (seqLen: number, bytes: number, seqNum = 1) =>
  frameText({ seqNum, seqLen, messageLen: seqLen * bytes, checksum: 7, data: new Uint8Array(bytes).fill(1) });

pair("T1", "a frame claims one fragment more than is solved for", {
  good: () => claim(LIMITS.urFragmentsMax, 1),
  bad: () => claim(LIMITS.urFragmentsMax + 1, 1),
  judge: (text) => codeOf(() => parseFrame(text)),
  accepted: "none",
  refused: "UR_TOO_LARGE",
  removes: ["fragments are as many as are solved for"],
  without: "none",
});

pair("T1", "a frame claims a message one fragment longer than is taken", {
  good: () => claim(2, LIMITS.urMessageBytesMax / 2),
  bad: () => claim(2, LIMITS.urMessageBytesMax / 2 + 1),
  // Frames of that length are no QR codes: what is judged is the claim.
  judge: (text) => codeOf(() => decodePart(decodeBytewords(text.slice(text.lastIndexOf("/") + 1)))),
  accepted: "none",
  refused: "UR_TOO_LARGE",
  removes: ["a message is as long as is taken"],
  without: "none",
});

const BOMBS = [
  ["a million fragments", claim(1_000_000, 1)],
  ["a million fragments of a hundred bytes", claim(1_000_000, 100)],
  ["2^32 - 1 fragments", claim(2 ** 32 - 1, 1)],
  ["one fragment above the limit", claim(LIMITS.urFragmentsMax + 1, 1)],
  ["one byte above the limit", claim(2, LIMITS.urMessageBytesMax / 2 + 1)],
  ["a mixed frame of a million fragments", claim(1_000_000, 1, 1_000_001)],
] as const;

describe("a frame that claims", () => {
  test.each(BOMBS)("%s is refused, and the scan begins with the next good one", (_, bomb) => {
    const decoder = new UrDecoder();
    expect(decoder.receive(bomb)).toMatchObject({ type: "malformed" });
    const good = take(encodeUr("bytes", wolfCbor(200), 50).parts(), 5);
    expect(good.map((text) => decoder.receive(text).type)).toEqual(["part", "part", "part", "part", "done"]);
  });

  test("too much is told what to do", () => {
    expect(new UrDecoder().receive(claim(1_000_000, 1))).toMatchObject({
      advice: `message is cut into 1000000 fragments, at most ${LIMITS.urFragmentsMax}: use fragments of at least 123 bytes`,
    });
    expect(new UrDecoder().receive(claim(100_000, 100))).toMatchObject({
      advice: `message has 10000000 bytes, at most ${LIMITS.urMessageBytesMax} go by UR: carry it as a file`,
    });
  });

  test("as much as the limits allow is read, with memory for what was received and no more", () => {
    const decoder = new UrDecoder();
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 200; count++) {
      const seqNum = LIMITS.urFragmentsMax + 1 + count;
      expect(decoder.receive(claim(LIMITS.urFragmentsMax, 256, seqNum)).type).toMatch(/part|duplicate/);
    }
    // A row is 1,024 bytes of mask and 256 of data; the text of a frame and its bytes are gone, or soon are.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });
});
