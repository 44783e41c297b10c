/** From one machine to the other and back, through pictures: what the formats, the codes and the pictures do together. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BbqrDecoder } from "../../../src/airgap/bbqr-decoder.ts";
import { FrameReader } from "../../../src/airgap/frame-reader.ts";
import { bbqrFrames, urFrames, type FrameMaker } from "../../../src/airgap/frames.ts";
import { UrDecoder } from "../../../src/airgap/ur-decoder.ts";
import { writeFrames } from "../../../src/terminal/frame-files.ts";
import { readFrames } from "../../../src/terminal/scan.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { fakeIo } from "../../factory/io.ts";
import { noise } from "../../factory/noise.ts";
import { codeOf, codeOfAsync } from "../../factory/thrown.ts";

const bytes = noise(20_000);
const cbor = Uint8Array.of(0x59, 0x4e, 0x20, ...bytes);
const newReader = () => new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });

/** Two showings of the same frames, from each of which every third is lost, beginning elsewhere. */
function shownTwice(make: FrameMaker, count?: number): readonly string[] {
  return [0, 1].map((showing) => {
    const folder = join(temporaryFolder("across"), "frames");
    const paths = writeFrames(fakeIo().io, folder, make, count);
    paths.forEach((path, index) => {
      if (index % 10 < 3 === (showing === 0) && index % 10 < 6 === true) rmSync(path);
    });
    return folder;
  });
}

describe("20 kB across the gap in pictures, 30 % of them lost, shown twice", () => {
  test("by BBQr", async () => {
    const folders = shownTwice(bbqrFrames(bytes, "P"));
    expect(await readFrames(fakeIo().io, folders, newReader())).toEqual({
      type: "done",
      carrier: "bbqr",
      fileType: "P",
      bytes,
    });
  });

  test("by BBQr, once: what is missing has numbers", async () => {
    const [folder = ""] = shownTwice(bbqrFrames(bytes, "P"));
    expect(await codeOfAsync(() => readFrames(fakeIo().io, [folder], newReader()))).toBe("SCAN_INCOMPLETE");
  });

  test("by UR, once, of twice as many frames as it has fragments", async () => {
    const make = urFrames("bytes", cbor);
    const [folder = ""] = shownTwice(make, 2 * make(1249).count);
    expect(await readFrames(fakeIo().io, [folder], newReader())).toEqual({
      type: "done",
      carrier: "ur",
      urType: "bytes",
      cbor,
    });
  });
});

describe("a folder of frames", () => {
  test("has the order in its names, and frames that are there stay", () => {
    const folder = temporaryFolder("across");
    const { io } = fakeIo();
    const paths = writeFrames(io, folder, bbqrFrames(bytes, "P"));
    expect(
      readdirSync(folder)
        .sort()
        .map((name) => join(folder, name)),
    ).toEqual(paths);
    expect(paths[0]).toMatch(/frame-01-of-\d\d\.png$/);
    expect(codeOf(() => writeFrames(io, folder, bbqrFrames(bytes, "P")))).toBe("FILE_EXISTS");
  });

  test("takes no frames of a second message, whose names would be others; what else lies there is left alone", () => {
    const folder = temporaryFolder("across");
    const { io } = fakeIo();
    writeFileSync(join(folder, "notes.txt"), "mine");
    const paths = writeFrames(io, folder, bbqrFrames(bytes, "P"));
    expect(codeOf(() => writeFrames(io, folder, bbqrFrames(bytes.subarray(0, 90), "P")))).toBe("FILE_EXISTS");
    expect(readdirSync(folder)).toHaveLength(paths.length + 1);
  });
});
