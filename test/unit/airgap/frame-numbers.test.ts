import { describe, expect, test } from "vitest";
import { expectedFrames } from "../../../src/airgap/expected-frames.ts";
import { FragmentChooser } from "../../../src/airgap/fragment-chooser.ts";
import { mixedNumbers } from "../../../src/airgap/frame-numbers.ts";
import { urFrames } from "../../../src/airgap/frames.ts";
import { encodeCbor } from "../../../src/airgap/cbor.ts";
import { take, wolfCbor } from "../../factory/ur-frames.ts";
import { encodeUr } from "../../../src/airgap/ur.ts";
import { shownUntilRead } from "../../factory/lossy-camera.ts";
import { noise } from "../../factory/noise.ts";

const CHECKSUM = 0xc0ffee;
const numbers = (count: number, max: number, length: number) =>
  Array.from({ length }, (_, place) => mixedNumbers(count, CHECKSUM, max)(place));

describe("frames of our own documents", () => {
  test("first the fragments in order, then none that mixes few or all", () => {
    const shown = numbers(40, 99_999, 100);
    const chooser = new FragmentChooser(40, CHECKSUM);
    expect(shown.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(new Set(shown).size).toBe(100);
    for (const number of shown.slice(40)) {
      expect(chooser.degree(number)).toBe(chooser.choose(number).length);
      expect(chooser.degree(number)).toBeGreaterThanOrEqual(8);
      expect(chooser.degree(number)).toBeLessThan(40);
    }
  });

  test.each([2, 3, 5])("%i fragments: single frames again, and mixed ones", (count) => {
    const shown = numbers(count, 99_999, 30);
    expect(shown.slice(0, count)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    expect(new Set(shown).size).toBe(30);
  });

  test("after the highest number the row begins again; any place alone is the same as in order", () => {
    const inOrder = mixedNumbers(10, CHECKSUM, 60);
    const shown = Array.from({ length: 200 }, (_, place) => inOrder(place));
    const length = new Set(shown).size;
    expect(length).toBeGreaterThan(10);
    expect(shown.slice(length, 2 * length)).toEqual(shown.slice(0, length));
    expect(Math.max(...shown)).toBeLessThanOrEqual(60);
    for (const place of [199, 57, 3]) expect(mixedNumbers(10, CHECKSUM, 60)(place)).toBe(shown[place]);
  });

  test("other makers see the frames of the standard one after the other", () => {
    const cbor = wolfCbor(2000);
    const frames = urFrames("crypto-psbt", cbor)(400);
    const standard = encodeUr("crypto-psbt", cbor, Math.ceil(cbor.length / frames.count), "uppercase");
    const length = 3 * frames.count;
    expect(Array.from({ length }, (_, place) => frames.at(place))).toEqual(take(standard.parts(), length));
  });

  test("with three frames in ten lost our reader needs hardly more than any code would", () => {
    const FRAGMENTS = 50;
    /** Mean of several messages, each before several cameras. */
    const worth = (type: string) => {
      const room = `ur:${type}/99999-99999/`.length + 2 * (5003 / FRAGMENTS + 27);
      const ratios = Array.from({ length: 40 }, (_, run) => {
        const frames = urFrames(type, encodeCbor(noise(5000, `message ${run % 10}`)))(Math.floor(room));
        return shownUntilRead(frames, 0.3, `camera ${run}`) / expectedFrames(frames, 0.3);
      });
      return ratios.reduce((total, ratio) => total + ratio, 0) / ratios.length;
    };
    const ours = worth("custody-void");
    expect(ours).toBeLessThan(1.06);
    // What other makers' readers want: the saving is real.
    expect(worth("crypto-psbt")).toBeGreaterThan(ours + 0.05);
  });
});

describe("frames by theory", () => {
  test("without end: as many seen as there are fragments", () => {
    expect(expectedFrames({ count: 70, rateless: true }, 0.3)).toBeCloseTo(100);
    expect(expectedFrames({ count: 70, rateless: true }, 0)).toBe(70);
  });

  test("a fixed row: nothing lost is one row; of one frame it is shown until it is seen", () => {
    expect(expectedFrames({ count: 70, rateless: false }, 0)).toBeCloseTo(70);
    expect(expectedFrames({ count: 1, rateless: false }, 0.5)).toBeCloseTo(2);
  });

  test("a fixed row of twenty, as often as it takes", () => {
    const trials = 20_000;
    let total = 0;
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let trial = 0; trial < trials; trial++) {
      const seen = new Set<number>();
      let shown = 0;
      for (; seen.size < 20; shown++) if (random() >= 0.3) seen.add(shown % 20);
      total += shown;
    }
    expect(expectedFrames({ count: 20, rateless: false }, 0.3) / (total / trials)).toBeCloseTo(1, 1);
  });
});
