import { beforeEach, describe, expect, test } from "vitest";
import { BbqrDecoder } from "../../../src/airgap/bbqr-decoder.ts";
import { FrameReader } from "../../../src/airgap/frame-reader.ts";
import { bbqrFrames, firstFrames, urFrames } from "../../../src/airgap/frames.ts";
import { UrDecoder } from "../../../src/airgap/ur-decoder.ts";
import { noise } from "../../factory/noise.ts";

const bytes = noise(300);
const cbor = Uint8Array.of(0x59, 0x01, 0x2c, ...bytes);
const bbqr = firstFrames(bbqrFrames(bytes, "P")(128));
const ur = firstFrames(urFrames("bytes", cbor)(250));
let reader: FrameReader;
beforeEach(() => {
  reader = new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
});

describe("frames of either format", () => {
  test("BBQr is known by B$, and its missing frames have numbers", () => {
    expect(reader.missing).toBeUndefined();
    reader.receive(bbqr[0]!);
    expect(reader.have).toMatchObject({ have: 1, need: bbqr.length });
    expect(reader.missing).toEqual(bbqr.slice(1).map((_, i) => i + 2));
    expect(bbqr.map((text) => reader.receive(text)).at(-1)).toEqual({
      type: "done",
      carrier: "bbqr",
      fileType: "P",
      bytes,
    });
  });

  test("UR is known by ur: in either case, and any frame will do", () => {
    reader.receive(ur[0]!.toLowerCase());
    expect(reader.missing).toBeUndefined();
    expect(ur.map((text) => reader.receive(text)).at(-1)).toEqual({
      type: "done",
      carrier: "ur",
      urType: "bytes",
      cbor,
    });
  });

  test("the first format stays: the other is foreign, and the scan goes on", () => {
    reader.receive(bbqr[0]!);
    expect(reader.receive(ur[0]!)).toEqual({
      type: "foreign",
      advice: "this frame is UR and those before were BBQr: show one code only",
    });
    expect(bbqr.map((text) => reader.receive(text)).at(-1)).toMatchObject({ type: "done" });
  });

  test("a damaged frame does not decide the format", () => {
    expect(reader.receive("B$HJ0000")).toMatchObject({ type: "malformed" });
    expect(reader.receive(ur[0]!)).toMatchObject({ type: "part" });
  });

  test("spaces, line ends and what zbarcam writes in front are not the frame's", () => {
    expect(reader.receive(` QR-Code:${bbqr[0]!}\r\n`)).toMatchObject({ type: "part" });
  });

  test.each([
    ["", "an empty line"],
    ["bitcoin:bcrt1q", "neither UR: nor B$"],
    ["urÖbytes/aeae", "US keyboard"],
    ["B&ZP0100AAAA", "US keyboard"],
    ["b$zp0100aaaa", "caps lock"],
  ])("%j is answered with what to do", (text, advice) => {
    expect(reader.receive(text)).toEqual({ type: "malformed", advice: expect.stringContaining(advice) });
  });
});
