/**
 * T3: frames of two messages in one scan, by accident or by a second screen. The header of the first good frame is
 * locked; a frame with that header and false content cannot be told from a good one alone, but never makes a message.
 * Whoever forges a whole message with the same length and CRC-32 gets it read: it is then judged as a document.
 */
import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/airgap/crc32.ts";
import type { FountainPart } from "../../src/airgap/fountain-part.ts";
import { UrDecoder, UR_SPOILED } from "../../src/airgap/ur-decoder.ts";
import { encodeUr, parseFrame } from "../../src/airgap/ur.ts";
import { assert } from "../../src/core/errors.ts";
import { codeOf } from "../factory/thrown.ts";
import { frameText, take, wolfBytes, wolfCbor } from "../factory/ur-frames.ts";
import { pair } from "./pair.ts";

const MESSAGE = wolfCbor(500);
const GOOD = take(encodeUr("bytes", MESSAGE, 50).parts(), 40);
const DONE = { type: "done", urType: "bytes", cbor: MESSAGE };

function partOf(text: string | undefined): FountainPart {
  const frame = parseFrame(text ?? "");
  assert(frame.type === "part", "the frame is no part");
  return frame.part;
}

/** The frame with one bit of its content turned, and all checksums right. */
const poisoned = (text: string | undefined) => {
  const part = partOf(text);
  return frameText({ ...part, data: Uint8Array.from(part.data, (byte, at) => (at === 3 ? byte ^ 1 : byte)) });
};

/** How a scan of the first frames ends, of which the last was changed. */
function scan(texts: readonly string[]): string {
  const decoder = new UrDecoder();
  let last = "nothing";
  const code = codeOf(() => {
    for (const text of texts) {
      const progress = decoder.receive(text);
      last =
        progress.type !== "done"
          ? progress.type
          : isMessage(progress.cbor)
            ? "the message"
            : "another message";
    }
  });
  return code === "none" ? last : code;
}

const isMessage = (cbor: Uint8Array) => Buffer.compare(cbor, MESSAGE) === 0;

pair("T3", "a fragment's content was changed, and its own checksum made to fit", {
  good: () => GOOD.slice(0, 11),
  bad: (texts) => [...texts.slice(0, -1), poisoned(texts.at(-1))],
  judge: scan,
  accepted: "the message",
  refused: "UR_SPOILED",
  removes: ["the message has the checksum that its frames say"],
  without: "another message",
});

pair("T3", "a frame of another message of the same size comes first in the camera's view", {
  good: () => GOOD.slice(0, 11),
  bad: (texts) => {
    const stranger = { ...partOf(texts[5]), checksum: 7 };
    return [
      ...texts.slice(0, 5),
      frameText({ ...stranger, data: stranger.data.map((byte) => byte ^ 1) }),
      ...texts.slice(5),
    ];
  },
  judge: scan,
  accepted: "the message",
  refused: "the message",
  removes: ["a scan keeps to the message that it began with"],
  without: "UR_SPOILED",
});

describe("a poisoned frame", () => {
  test("among the fragments: the checksum of the message is wrong, and stays so until the scan is begun again", () => {
    const decoder = new UrDecoder();
    for (const text of GOOD.slice(0, 9)) decoder.receive(text);
    decoder.receive(poisoned(GOOD[9]));
    expect(codeOf(() => decoder.receive(GOOD[10] ?? ""))).toBe(UR_SPOILED.code);
    expect(codeOf(() => decoder.receive(GOOD[9] ?? ""))).toBe(UR_SPOILED.code);
    decoder.reset();
    expect(
      GOOD.slice(0, 11)
        .map((text) => decoder.receive(text))
        .at(-1),
    ).toEqual(DONE);
  });

  test("of a fragment that is known: the contradiction is found at once", () => {
    const decoder = new UrDecoder();
    for (const text of GOOD.slice(0, 5)) decoder.receive(text);
    expect(codeOf(() => decoder.receive(poisoned(GOOD[2])))).toBe(UR_SPOILED.code);
  });

  test("that mixes: none of the places where it can stand makes another message", () => {
    for (let place = 11; place < GOOD.length; place++) {
      const decoder = new UrDecoder();
      const scan = [poisoned(GOOD[place]), ...GOOD.filter((_, index) => index !== place)];
      const code = codeOf(() => {
        for (const text of scan) expect(decoder.receive(text).type).not.toBe("done");
      });
      expect(code).toBe(UR_SPOILED.code);
    }
  });

  test("says what to do next", () => {
    const decoder = new UrDecoder();
    decoder.receive(GOOD[0] ?? "");
    expect(() => decoder.receive(poisoned(GOOD[0]))).toThrow(
      expect.objectContaining({ hint: "start the scan again, with no other screen in view" }),
    );
  });
});

describe("a frame of another message", () => {
  const first = partOf(GOOD[0]);
  const other = wolfBytes(500, "Fox");
  test.each([
    ["type", frameText(first, "custody-request")],
    ["number of fragments", frameText({ ...first, seqLen: 12, messageLen: 12 * first.data.length })],
    ["message length", frameText({ ...first, messageLen: first.messageLen - 1 })],
    ["checksum", frameText({ ...first, checksum: crc32(other) })],
    [
      "fragment length",
      frameText({ ...first, data: new Uint8Array(first.data.length + 1), messageLen: first.messageLen }),
    ],
  ])("is known by its %s, and does not disturb the scan", (_, foreign) => {
    const decoder = new UrDecoder();
    for (const text of GOOD.slice(0, 10)) {
      decoder.receive(text);
      expect(decoder.receive(foreign)).toMatchObject({ type: "foreign" });
      decoder.receive(text);
    }
    expect(decoder.receive(GOOD[10] ?? "")).toEqual(DONE);
  });

  test("that came first keeps the good ones out, and the reader is told to begin again", () => {
    const decoder = new UrDecoder();
    decoder.receive(frameText({ ...first, checksum: crc32(other) }));
    const advice = GOOD.slice(0, 8).map((text) => {
      const progress = decoder.receive(text);
      return progress.type === "foreign" ? progress.advice : progress.type;
    });
    expect(advice.at(-2)).toContain("show one animation alone");
    expect(advice.at(-1)).toContain("start the scan again");
    decoder.reset();
    expect(
      GOOD.slice(0, 11)
        .map((text) => decoder.receive(text))
        .at(-1),
    ).toEqual(DONE);
  });
});
