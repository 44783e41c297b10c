import { describe, expect, test } from "vitest";
import {
  qrCapacity,
  qrMatrix,
  sizeOfVersion,
  versionFor,
  versionOfSize,
} from "../../../src/airgap/qr-matrix.ts";
import { readQrCodes } from "../../../src/airgap/qr-read.ts";
import { pictureOf } from "../../factory/pictures.ts";
import { codeOf } from "../../factory/thrown.ts";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const text = (length: number) =>
  Array.from({ length }, (_, i) => ALPHANUMERIC.charAt((i * i + 11) % 45)).join("");

describe("QR codes of frames", () => {
  test.each(["L", "M"] as const)(
    "every version at %s holds what the standard's table 7 says, and is read back",
    async (correction) => {
      for (const version of [1, 2, 7, 13, 20, 27, 33, 40]) {
        const longest = text(qrCapacity(version, correction));
        const matrix = qrMatrix(longest, version, correction);
        expect(matrix).toHaveLength(sizeOfVersion(version));
        expect(await readQrCodes(pictureOf(matrix, 3))).toEqual([longest]);
        expect(versionFor(longest.length, correction)).toBe(version);
        expect(codeOf(() => qrMatrix(`${longest}A`, version, correction))).toBe("QR_UNFIT");
      }
    },
  );

  test("the table does not promise more than the codes hold", () => {
    for (const correction of ["L", "M"] as const) {
      for (let version = 1; version <= 40; version++)
        expect(qrMatrix("A".repeat(qrCapacity(version, correction)), version, correction)).toHaveLength(
          sizeOfVersion(version),
        );
    }
  });

  test("versions by size: the largest that fits", () => {
    expect([20, 21, 24, 25, 177, 400].map(versionOfSize)).toEqual([0, 1, 1, 2, 40, 40]);
  });

  test.each([
    ["lower case", "ur:bytes/abc"],
    ["nothing", ""],
    ["a letter of another script", "UR:BYTES/Ä"],
  ])("%s is refused", (_, refused) => {
    expect(codeOf(() => qrMatrix(refused, 5, "L"))).toBe("QR_UNFIT");
  });

  test("no version holds 4,297 letters, and there is no version 41", () => {
    expect(versionFor(4296, "L")).toBe(40);
    expect(codeOf(() => versionFor(4297, "L"))).toBe("QR_UNFIT");
    expect(codeOf(() => qrCapacity(41, "L"))).toBe("QR_UNFIT");
    expect(codeOf(() => qrCapacity(0, "L"))).toBe("QR_UNFIT");
  });
});

describe("pictures of codes", () => {
  test("a sheet of several gives all of them", async () => {
    const texts = [0, 1, 2, 3].map((number) => `FRAME ${number} ${text(200)}`);
    const rows = texts.map((one) => pictureOf(qrMatrix(one, 12, "M"), 3));
    const { width, height } = rows[0]!;
    const sheet = { width, height: 4 * height, grey: new Uint8Array(4 * width * height) };
    rows.forEach(({ grey }, index) => sheet.grey.set(grey, index * width * height));
    expect([...(await readQrCodes(sheet))].sort()).toEqual(texts);
  });

  test("grey and grainy, turned and small, it is still read; an empty one gives nothing", async () => {
    const matrix = qrMatrix(text(300), 12, "L");
    const { width, height, grey } = pictureOf(matrix, 4);
    const grainy = grey.map((value, i) => 60 + value / 2 + ((i * 7919) % 41));
    expect(await readQrCodes({ width, height, grey: grainy })).toEqual([text(300)]);
    const turned = grey.map((_, i) => grey[(i % width) * width + (width - 1 - Math.floor(i / width))] ?? 0);
    expect(await readQrCodes({ width, height, grey: turned })).toEqual([text(300)]);
    expect(await readQrCodes({ width, height, grey: new Uint8Array(width * height).fill(255) })).toEqual([]);
    expect(await readQrCodes({ width: 1, height: 1, grey: new Uint8Array(1) })).toEqual([]);
  });
});
