import { describe, expect, test } from "vitest";
import { isPng, readPng } from "../../../src/airgap/png-read.ts";
import { chunk, pngOfMatrix } from "../../../src/airgap/png-write.ts";
import { qrMatrix } from "../../../src/airgap/qr-matrix.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { pictureOf, pngOf } from "../../factory/pictures.ts";
import { codeOf } from "../../factory/thrown.ts";

const greyOf = (png: Uint8Array) => [...readPng(png).grey];

describe("pictures that are written", () => {
  test.each([1, 3, 6])("come back pixel by pixel, %i pixels a module", (scale) => {
    const matrix = qrMatrix("UR:BYTES/AB", 2, "L");
    expect(readPng(pngOfMatrix(matrix, scale))).toEqual(pictureOf(matrix, scale));
  });

  test("are one bit a pixel (ISO/IEC 15948 §11.2.2)", () => {
    const png = pngOfMatrix(qrMatrix("A", 1, "L"), 2);
    expect(isPng(png)).toBe(true);
    expect([...png.subarray(8, 33)].slice(0, 21)).toEqual([
      0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 58, 0, 0, 0, 58, 1, 0, 0, 0, 0,
    ]);
  });
});

describe("kinds of pixels", () => {
  test.each([
    ["grey of 1 bit", { width: 3, depth: 1, colour: 0, rows: [[0, 0b10100000]] }, [255, 0, 255]],
    ["grey of 2 bits", { width: 4, depth: 2, colour: 0, rows: [[0, 0b00011011]] }, [0, 85, 170, 255]],
    ["grey of 4 bits", { width: 2, depth: 4, colour: 0, rows: [[0, 0x0f]] }, [0, 255]],
    ["grey of 8 bits", { width: 2, depth: 8, colour: 0, rows: [[0, 7, 200]] }, [7, 200]],
    ["grey of 16 bits", { width: 2, depth: 16, colour: 0, rows: [[0, 7, 99, 200, 1]] }, [7, 200]],
    ["RGB", { width: 2, colour: 2, rows: [[0, 255, 255, 255, 0, 255, 0]] }, [255, 149]],
    ["RGB of 16 bits", { width: 1, depth: 16, colour: 2, rows: [[0, 9, 1, 9, 2, 9, 3]] }, [9]],
    [
      "a palette",
      {
        width: 3,
        depth: 2,
        colour: 3,
        palette: [0, 0, 0, 255, 255, 255, 80, 80, 80],
        rows: [[0, 0b01001000]],
      },
      [255, 0, 80],
    ],
    [
      "grey with alpha, on white",
      { width: 3, colour: 4, rows: [[0, 0, 255, 0, 0, 100, 255]] },
      [0, 255, 100],
    ],
    ["RGB with alpha, on white", { width: 2, colour: 6, rows: [[0, 0, 0, 0, 255, 0, 0, 0, 0]] }, [0, 255]],
  ])("%s", (_, parts, grey) => {
    expect(greyOf(pngOf(parts))).toEqual(grey);
  });

  test("every filter (§9.2) is taken back", () => {
    const rows = [
      [0, 10, 20, 30],
      [1, 10, 10, 10],
      [2, 1, 1, 1],
      [3, 5, 0, 0],
      [4, 1, 2, 3],
    ];
    expect(greyOf(pngOf({ width: 3, height: 5, rows }))).toEqual([
      10, 20, 30, 10, 20, 30, 11, 21, 31, 10, 15, 23, 11, 17, 26,
    ]);
  });

  test("bytes wrap at 256", () => {
    expect(greyOf(pngOf({ width: 2, rows: [[1, 200, 100]] }))).toEqual([200, 44]);
  });
});

describe("what is refused", () => {
  const rows = [[0, 7]];
  const twin = pngOf({ rows });
  const changed = (at: number, to: number) => twin.map((byte, index) => (index === at ? to : byte));
  const side = LIMITS.imageSideMax;

  test("the twin of all of these is read", () => {
    expect(greyOf(twin)).toEqual([7]);
    expect(greyOf(pngOf({ rows, extra: [chunk("tEXt", utf8("a"))] }))).toEqual([7]);
    const parts = Array.from({ length: 32_765 }, () => chunk("tEXt", utf8("a")));
    expect(greyOf(pngOf({ rows, extra: parts }))).toEqual([7]);
    expect(readPng(pngOf({ width: side, depth: 1, rows: [new Array(1 + side / 8).fill(0)] })).width).toBe(
      side,
    );
  });

  test.each([
    [
      "too many parts",
      pngOf({ rows, extra: Array.from({ length: 32_766 }, () => chunk("tEXt", utf8("a"))) }),
    ],
    ["a text", utf8("ur:bytes/abc")],
    ["a signature alone", twin.subarray(0, 8)],
    ["a file that is cut off", twin.subarray(0, -1)],
    ["a damaged header", changed(20, 9)],
    ["damaged pixels", changed(twin.length - 20, 0x55)],
    ["a side of nothing", pngOf({ width: 0, rows })],
    ["a side above the limit, in a small file", pngOf({ width: side + 1, height: 1, rows })],
    ["a size of 2^32 - 1", pngOf({ width: 2 ** 32 - 1, height: 2 ** 32 - 1, rows })],
    ["fewer pixels than the header says", pngOf({ height: 2, rows })],
    ["more pixels than the header says", pngOf({ rows: [[0, 7, 7]] })],
    ["a bomb of pixels", pngOf({ rows: [new Array(1_000_000).fill(0)] })],
    ["a filter that is none", pngOf({ rows: [[5, 7]] })],
    ["interlace", pngOf({ interlace: 1, rows })],
    ["another compression", pngOf({ compression: 1, rows })],
    ["three bits a pixel", pngOf({ depth: 3, rows })],
    ["a colour type that is none", pngOf({ colour: 5, rows })],
    ["no palette", pngOf({ colour: 3, rows })],
    ["a palette of two numbers", pngOf({ colour: 3, palette: [1, 2], rows })],
    ["an entry beyond the palette", pngOf({ colour: 3, palette: [1, 2, 3], rows })],
    ["an unknown part that must be understood", pngOf({ rows, extra: [chunk("ABCD", utf8("a"))] })],
  ])("%s", (_, png) => {
    expect(codeOf(() => readPng(png))).toBe("PICTURE_UNREADABLE");
  });
});
