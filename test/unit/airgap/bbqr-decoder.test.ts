import { describe, expect, test } from "vitest";
import { encodeBbqr, type BbqrEncoding } from "../../../src/airgap/bbqr.ts";
import { BbqrDecoder, numbersInWords } from "../../../src/airgap/bbqr-decoder.ts";
import { noise } from "../../factory/noise.ts";
import { codeOf } from "../../factory/thrown.ts";

const bytes = (length: number, seed = 1) => noise(length, String(seed));
const framesOf = (encoding: BbqrEncoding, length = 500, seed = 1) =>
  encodeBbqr(bytes(length, seed), { type: "J", encoding, charactersMax: 128 });
/** Hex frames of ten bytes each but the last. */
const five = (seed: number, length = 48) =>
  encodeBbqr(bytes(length, seed), { type: "J", encoding: "H", charactersMax: 28 });

describe("a scan", () => {
  test.each(["H", "2", "Z"] as const)(
    "%s: in any order, each twice, the short last one first",
    (encoding) => {
      const frames = [...framesOf(encoding)].reverse();
      const decoder = new BbqrDecoder();
      const answers = frames.flatMap((frame) => [decoder.receive(frame), decoder.receive(frame)]);
      expect(answers.at(-2)).toEqual({ type: "done", fileType: "J", bytes: bytes(500) });
      expect(answers[0]).toEqual({ type: "part", have: 1, need: frames.length });
      expect(answers[1]).toMatchObject({ type: "duplicate" });
      expect(answers.at(-1)).toEqual({
        type: "duplicate",
        advice: "the file is whole: no more frames are needed",
      });
    },
  );

  test("that is interrupted says which frames are missing", () => {
    const [first = "", , third = ""] = five(1);
    const decoder = new BbqrDecoder();
    expect(decoder.missing()).toBeUndefined();
    decoder.receive(first);
    decoder.receive(third);
    expect(decoder.missing()).toEqual([2, 4, 5]);
    expect(decoder.receive(third)).toEqual({ type: "duplicate", advice: "still missing: frames 2, 4, 5" });
  });

  test("keeps what it has when frames of another file come, and after eight in a row says to start again", () => {
    const decoder = new BbqrDecoder();
    const [first = "", ...others] = five(1);
    const stranger = five(1, 90)[0] as string;
    decoder.receive(first);
    const answers = Array.from({ length: 8 }, () => decoder.receive(stranger));
    expect(answers[0]).toEqual({
      type: "foreign",
      advice: "this frame is of another file: show one code only",
    });
    expect(answers[6]).toEqual(answers[0]);
    expect(answers[7]).toMatchObject({ type: "foreign", advice: expect.stringContaining("start again") });
    expect(others.map((frame) => decoder.receive(frame)).at(-1)).toMatchObject({ bytes: bytes(48) });
  });

  test("of another encoding or type is another file's", () => {
    for (const changed of [/^B\$H/, /^B\$HJ/]) {
      const decoder = new BbqrDecoder();
      const [first = "", second = ""] = five(1);
      decoder.receive(first);
      const header = changed.source.length > 5 ? "B$HU" : "B$2J";
      const other = `${header}${second.slice(4, 8)}AAAAAAAAAAAAAAAA`;
      expect(decoder.receive(other)).toMatchObject({ type: "foreign" });
    }
  });

  test("begins anew after reset", () => {
    const decoder = new BbqrDecoder();
    decoder.receive(five(1)[0] as string);
    expect(codeOf(() => decoder.receive(five(2)[0] as string))).toBe("BBQR_MIXED");
    decoder.reset();
    expect(
      five(2)
        .map((frame) => decoder.receive(frame))
        .at(-1),
    ).toMatchObject({ bytes: bytes(48, 2) });
  });
});

describe("what is no frame is answered with what to do", () => {
  test.each([
    ["hello", "no BBQr frame"],
    ["b$hj0100ab", "caps lock"],
    ["b4hj0100ab", "caps lock"],
    ["B$", "cut or damaged"],
    ["B$QJ0100AB", "encoding"],
    ["B$HR0100AB", "file type"],
    ["B$HJ01", "cut or damaged"],
    ["B$HJ0000AB", "one of none"],
    ["B$HJ0101AB", "number 2 of 1"],
    ["B$HJ0100", "empty"],
    ["B$HJ0100ABC", "letters that are not"],
    ["B$HJ0200ABC", "inside a byte"],
    ["B$2J0200MZXW6", "inside a byte"],
    ["B$HJ0100ab", "letters that are not"],
    ["B$2J0100M1======", "letters that are not"],
  ])("%s", (text, advice) => {
    expect(new BbqrDecoder().receive(text)).toEqual({
      type: "malformed",
      advice: expect.stringContaining(advice),
    });
  });

  test("more than a QR code holds; and the longest that one holds is read", () => {
    expect(new BbqrDecoder().receive(`B$HJ0100${"AB".repeat(2145)}`)).toEqual({
      type: "malformed",
      advice: "no QR code holds that much: scan one code at a time",
    });
    expect(new BbqrDecoder().receive(`B$HJ0100${"AB".repeat(2144)}`)).toMatchObject({ type: "done" });
  });
});

test("numbers of frames, the first dozen", () => {
  expect(numbersInWords([4])).toBe("frame 4");
  expect(numbersInWords([4, 9])).toBe("frames 4, 9");
  expect(numbersInWords(Array.from({ length: 20 }, (_, i) => i + 1))).toBe(
    "frames 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 8 more",
  );
});
