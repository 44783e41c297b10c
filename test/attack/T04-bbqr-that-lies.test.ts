/**
 * T4: BBQr frames that lie: of none, of too many, of unequal length, a bomb, and frames of two files under one header
 * (Coldcard test_reject_bad_part_sizes; Krux's caps). BBQr has no checksum, so a mixture must never come out as a file.
 */
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodeBbqr } from "../../src/airgap/bbqr.ts";
import { BbqrDecoder } from "../../src/airgap/bbqr-decoder.ts";
import { toBase32 } from "../../src/airgap/base32.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";

const frame = (index: number, hex: string, total = 3) => `B$HJ0${total}0${index}${hex}`;

/** What the decoder says to the last of `frames`. */
function scan(frames: readonly string[]): string {
  const decoder = new BbqrDecoder();
  let last = "";
  const code = codeOf(() => {
    for (const text of frames) last = decoder.receive(text).type;
  });
  return code === "none" ? last : code;
}

/** Frames of deflated bytes, whatever they are. */
function zipped(packed: Uint8Array): readonly string[] {
  const letters = toBase32(packed);
  const count = Math.ceil(letters.length / 4000);
  const number = (value: number) => value.toString(36).toUpperCase().padStart(2, "0");
  return Array.from(
    { length: count },
    (_, i) => `B$ZJ${number(count)}${number(i)}${letters.slice(4000 * i, 4000 * i + 4000)}`,
  );
}
const deflated = (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes, { windowBits: 10, level: 9 }));

pair("T4", "the frames decompress to one byte more than is taken across", {
  good: () => LIMITS.bbqrBytesMax,
  bad: (length) => length + 1,
  judge: (length) => scan(zipped(deflated(new Uint8Array(length)))),
  accepted: "done",
  refused: "BBQR_TOO_LARGE",
  removes: ["inflating stops at the limit"],
  without: "done",
});

pair("T4", "a part in the middle is shorter than the others", {
  good: () => "DDEEFF",
  bad: () => "DD",
  judge: (middle) => scan([frame(0, "AABBCC"), frame(1, middle), frame(2, "01")]),
  accepted: "done",
  refused: "BBQR_MIXED",
  removes: ["parts are equally long"],
  without: "done",
});

pair("T4", "a part comes twice, with other content", {
  good: () => "AABBCC",
  bad: () => "AABBCD",
  judge: (again) => scan([frame(0, "AABBCC"), frame(0, again), frame(1, "DDEEFF"), frame(2, "01")]),
  accepted: "done",
  refused: "BBQR_MIXED",
  removes: ["a part that comes again is the same"],
  without: "done",
});

pair("T4", "a frame says that it comes after the last one", {
  good: () => 2,
  bad: () => 3,
  judge: (index) => scan([frame(index, "01")]),
  accepted: "part",
  refused: "malformed",
  removes: ["a part is one of the total"],
  without: "part",
});

describe("T4: totals", () => {
  test("a frame of none, and one beyond the total, are no frames; the last of 1,295 is", () => {
    expect(scan(["B$HJ0000AB"])).toBe("malformed");
    expect(scan(["B$HJ0202AB"])).toBe("malformed");
    expect(scan(["B$HJZZZZAB"])).toBe("malformed");
    expect(scan(["B$HJZZZYAB"])).toBe("part");
  });
});

describe("T4: lengths", () => {
  const [a, b] = ["AABBCC", "DDEEFF"];
  test("equal parts and a shorter or equal last one are a file", () => {
    expect(scan([frame(0, a), frame(1, b), frame(2, "01")])).toBe("done");
    expect(scan([frame(2, "010203"), frame(1, b), frame(0, a)])).toBe("done");
  });

  test.each([
    ["a short part in the middle", [frame(0, a), frame(1, "DD")]],
    ["a long part in the middle", [frame(0, a), frame(1, `${b}00`)]],
    ["a last part that is longer", [frame(0, a), frame(2, `${b}00`)]],
    ["a last part that came first and is longer", [frame(2, `${b}00`), frame(0, a)]],
  ])("%s ends the scan", (_, frames) => {
    expect(scan(frames)).toBe("BBQR_MIXED");
  });
});

describe("T4: two files under one header", () => {
  const mine = encodeBbqr(new Uint8Array(48).fill(1), { type: "P", encoding: "H", charactersMax: 28 });
  const theirs = encodeBbqr(new Uint8Array(48).fill(2), { type: "P", encoding: "H", charactersMax: 28 });

  test("they have the same header, so nothing but their content tells them apart", () => {
    expect(mine.map((text) => text.slice(0, 8))).toEqual(theirs.map((text) => text.slice(0, 8)));
  });

  test("no file comes out, then or later, until the scan begins anew", () => {
    const decoder = new BbqrDecoder();
    decoder.receive(mine[0] as string);
    decoder.receive(theirs[1] as string);
    const codes = [mine[1], mine[2], ...mine].map((text) => codeOf(() => decoder.receive(text as string)));
    expect(new Set(codes)).toEqual(new Set(["BBQR_MIXED"]));
    decoder.reset();
    expect(mine.map((text) => decoder.receive(text).type).at(-1)).toBe("done");
  });

  test("a poisoned copy after the last frame is noticed as well", () => {
    expect(scan([...mine, theirs[4] as string])).toBe("BBQR_MIXED");
    expect(scan([...mine, mine[4] as string])).toBe("duplicate");
  });
});

describe("T4: what decompresses", () => {
  test("to the limit is a file, to one byte more is a bomb", () => {
    expect(scan(zipped(deflated(new Uint8Array(LIMITS.bbqrBytesMax))))).toBe("done");
    expect(scan(zipped(deflated(new Uint8Array(LIMITS.bbqrBytesMax + 1))))).toBe("BBQR_TOO_LARGE");
  });

  test("a bomb of 64 kB that asks for eight times the limit is refused", () => {
    const bomb = deflated(new Uint8Array(8 * LIMITS.bbqrBytesMax));
    expect(bomb.length).toBeLessThan(70_000);
    expect(scan(zipped(bomb))).toBe("BBQR_TOO_LARGE");
  });

  const good = deflated(new Uint8Array(5000).fill(7));
  test.each([
    ["cut off", good.subarray(0, -1)],
    ["with bytes behind its end", Uint8Array.of(...good, 0)],
    ["of nothing", deflated(new Uint8Array())],
    ["that is none", Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff)],
    ["with a zlib header", Uint8Array.of(0x18, 0x19, ...good)],
  ])("a stream %s is refused", (_, packed) => {
    expect(scan(zipped(packed))).toBe("BBQR_SPOILED");
  });

  test("and the whole stream is a file", () => {
    expect(scan(zipped(good))).toBe("done");
  });
});
