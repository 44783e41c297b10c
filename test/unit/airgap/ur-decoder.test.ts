import { describe, expect, test } from "vitest";
import { UrDecoder, type UrProgress } from "../../../src/airgap/ur-decoder.ts";
import { encodeUr } from "../../../src/airgap/ur.ts";
import { take, wolfCbor } from "../../factory/ur-frames.ts";

const MESSAGE = wolfCbor(500);
const frames = (count: number, first = 1) => take(encodeUr("bytes", MESSAGE, 50).parts(first), count);
const DONE = { type: "done", urType: "bytes", cbor: MESSAGE };

function fed(decoder: UrDecoder, texts: readonly string[]): UrProgress | undefined {
  let last: UrProgress | undefined;
  for (const text of texts) last = decoder.receive(text);
  return last;
}

describe("a message in frames", () => {
  test("is done with the last of its fragments, and says how far it is before", () => {
    const decoder = new UrDecoder();
    const all = frames(11);
    expect(decoder.receive(all[0] ?? "")).toEqual({ type: "part", have: 1, need: 11 });
    expect(fed(decoder, all.slice(1, 10))).toEqual({ type: "part", have: 10, need: 11 });
    expect(decoder.receive(all[10] ?? "")).toEqual(DONE);
  });

  test("comes back from frames in reverse", () => {
    expect(fed(new UrDecoder(), frames(11).reverse())).toEqual(DONE);
  });

  test("comes back from mixed frames alone, each of which counts when it says something new", () => {
    const decoder = new UrDecoder();
    let have = 0;
    for (const text of encodeUr("bytes", MESSAGE, 50).parts(1000)) {
      const progress = decoder.receive(text);
      if (progress.type === "done") {
        expect(progress).toEqual(DONE);
        break;
      }
      if (progress.type === "part") expect(progress).toEqual({ type: "part", have: ++have, need: 11 });
      else expect(progress.type).toBe("duplicate");
    }
    expect(have).toBe(10);
  });

  test("comes back after an interruption, from wherever the animation is then", () => {
    const decoder = new UrDecoder();
    fed(decoder, frames(6));
    let last: UrProgress | undefined;
    for (const text of encodeUr("bytes", MESSAGE, 50).parts(70)) {
      last = decoder.receive(text);
      if (last.type === "done") break;
    }
    expect(last).toEqual(DONE);
  });

  test("capitals and small letters are one message", () => {
    const decoder = new UrDecoder();
    const texts = frames(11).map((text, index) => (index % 2 === 0 ? text : text.toUpperCase()));
    expect(fed(decoder, texts)).toEqual(DONE);
  });
});

describe("a message in one frame", () => {
  const { single = "" } = encodeUr("custody-receipt", wolfCbor(40), 100);

  test("is done at once", () => {
    const decoder = new UrDecoder();
    expect(decoder.receive(single)).toEqual({ type: "done", urType: "custody-receipt", cbor: wolfCbor(40) });
    expect(decoder.receive(single.toUpperCase())).toMatchObject({ type: "duplicate" });
  });

  test("is foreign in the middle of another, and others are after it", () => {
    const decoder = new UrDecoder();
    fed(decoder, frames(2));
    expect(decoder.receive(single)).toMatchObject({ type: "foreign" });
    const other = new UrDecoder();
    other.receive(single);
    expect(other.receive(frames(1)[0] ?? "")).toMatchObject({ type: "foreign" });
    expect(other.receive(encodeUr("bytes", wolfCbor(9), 100).single ?? "")).toMatchObject({
      type: "foreign",
    });
  });
});

describe("what to do next", () => {
  const other = take(encodeUr("bytes", wolfCbor(500, "Fox"), 50).parts(), 20);

  test("after a frame seen before: go on", () => {
    const decoder = new UrDecoder();
    const [a = "", b = ""] = frames(2);
    fed(decoder, [a, b]);
    const advice = "nothing new: keep scanning";
    expect(decoder.receive(b)).toEqual({ type: "duplicate", advice });
    expect(decoder.receive(a)).toEqual({ type: "duplicate", advice });
    expect(fed(decoder, frames(9, 3))).toEqual(DONE);
  });

  test("after the message is whole: stop", () => {
    const decoder = new UrDecoder();
    fed(decoder, frames(11));
    const advice = "the message is whole: stop scanning";
    expect(decoder.receive(frames(1, 11)[0] ?? "")).toEqual({ type: "duplicate", advice });
    expect(decoder.receive(frames(1, 40)[0] ?? "")).toEqual({ type: "duplicate", advice });
  });

  test("after foreign frames: one animation alone; after eight in a row: start again", () => {
    const decoder = new UrDecoder();
    fed(decoder, frames(3));
    for (const text of other.slice(0, 7)) {
      expect(decoder.receive(text)).toEqual({
        type: "foreign",
        advice: "this is a frame of another message (bytes): show one animation alone",
      });
    }
    expect(decoder.receive(other[7] ?? "")).toMatchObject({
      type: "foreign",
      advice: expect.stringContaining("start the scan again") as string,
    });
    decoder.reset();
    expect(fed(decoder, other.slice(0, 11))).toMatchObject({ type: "done", cbor: wolfCbor(500, "Fox") });
  });

  test("a good frame between foreign ones begins the count anew", () => {
    const decoder = new UrDecoder();
    const good = frames(11);
    for (const [index, text] of good.slice(0, 10).entries()) {
      decoder.receive(text);
      expect(decoder.receive(other[index] ?? "")).toMatchObject({
        advice: expect.stringContaining("one animation alone") as string,
      });
    }
    expect(decoder.receive(good[10] ?? "")).toEqual(DONE);
  });

  test("after a misread frame: scan it again; the scan so far stands", () => {
    const decoder = new UrDecoder();
    const all = frames(11);
    fed(decoder, all.slice(0, 10));
    const last = all[10] ?? "";
    expect(decoder.receive(last.slice(0, -2))).toEqual({
      type: "malformed",
      advice: "the checksum of the Bytewords is wrong: scan the frame again",
    });
    expect(decoder.receive("https://example.com")).toMatchObject({ type: "malformed" });
    expect(decoder.receive(last)).toEqual(DONE);
  });

  test("with a type that was not asked for: it is foreign from the first frame on", () => {
    const decoder = new UrDecoder(["custody-request"]);
    expect(decoder.receive(frames(1)[0] ?? "")).toEqual({
      type: "foreign",
      advice: "this is bytes, expected custody-request: show one animation alone",
    });
    const wanted = encodeUr("custody-request", MESSAGE, 50);
    expect(fed(decoder, take(wanted.parts(), 11))).toMatchObject({ type: "done", urType: "custody-request" });
  });
});
