import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase32, toBase32 } from "../../src/airgap/base32.ts";
import { encodeBbqr, type BbqrEncoding } from "../../src/airgap/bbqr.ts";
import { BbqrDecoder } from "../../src/airgap/bbqr-decoder.ts";
import { readPng } from "../../src/airgap/png-read.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { pngOf } from "../factory/pictures.ts";

const encoding = fc.constantFrom<BbqrEncoding | undefined>("H", "2", "Z", undefined);
const fileType = fc.constantFrom("P", "T", "J", "C", "U", "B", "X");
const message = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3000 }),
  fc.nat({ max: 20_000 }).map((length) => new Uint8Array(length + 1).fill(65)),
);

/** What comes of frames in order: a file, how far it got, or the code of a typed error. */
function scan(texts: readonly string[]): { readonly bytes?: Uint8Array; readonly code?: string } {
  const decoder = new BbqrDecoder();
  try {
    for (const text of texts) {
      const answer = decoder.receive(text);
      if (answer.type === "done") return { bytes: answer.bytes };
    }
  } catch (error) {
    if (error instanceof CustodyError) return { code: error.code };
    throw error;
  }
  return {};
}

describe("BBQr", () => {
  test("any file in frames of any size, shuffled, doubled, with strangers between, comes back", () => {
    fc.assert(
      fc.property(
        message,
        encoding,
        fileType,
        fc.integer({ min: 40, max: 4296 }),
        fc.infiniteStream(fc.nat()),
        fc.array(fc.oneof(fc.string(), fc.constant("B$HP0200AB"), fc.constant("UR:BYTES/AA")), {
          maxLength: 5,
        }),
        (bytes, wished, type, charactersMax, dice, strangers) => {
          const options = {
            type,
            charactersMax,
            ...(wished === undefined ? {} : { encoding: wished }),
          } as const;
          const frames = encodeBbqr(bytes, options);
          for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(charactersMax);
          const mine = frames[0]!.slice(0, 6);
          const others = strangers.filter((text) => !text.startsWith(mine));
          const shown = [...frames, ...frames]
            .map((text) => ({ text, at: dice.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ text }) => text);
          expect(scan([shown[0]!, ...others, ...shown.slice(1)]).bytes).toEqual(bytes);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("without one of its frames there is no file", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 100, maxLength: 900 }),
        encoding,
        fc.nat(),
        (bytes, wished, dice) => {
          const frames = encodeBbqr(bytes, {
            type: "B",
            charactersMax: 56,
            ...(wished === undefined ? {} : { encoding: wished }),
          });
          fc.pre(frames.length > 1);
          const lost = dice % frames.length;
          expect(scan(frames.filter((_, index) => index !== lost))).toEqual({});
        },
      ),
    );
  });

  test("anything at all is advice or a typed error", () => {
    const digits = fc.stringMatching(/^[0-9A-Z]{0,4}$/);
    const nearly = fc
      .tuple(
        fc.constantFrom("B$H", "B$2", "B$Z", "B$"),
        fileType,
        digits,
        fc.stringMatching(/^[0-9A-Z]{0,40}$/),
      )
      .map((parts) => parts.join(""));
    const small = fc
      .tuple(fc.constantFrom("H", "2", "Z"), fc.nat({ max: 3 }), fc.stringMatching(/^[2-7A-F]{0,16}$/))
      .map(([kind, index, letters]) => `B$${kind}J030${index}${letters}`);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "binary" }), nearly, small), { maxLength: 30 }),
        (texts) => {
          const { bytes, code } = scan(texts);
          if (bytes !== undefined) expect(bytes.length).toBeLessThanOrEqual(LIMITS.bbqrBytesMax);
          if (code !== undefined) expect(code).toMatch(/^BBQR_(MIXED|SPOILED|TOO_LARGE)$/);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("base32 is a bijection between bytes and what is not refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(fromBase32(toBase32(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z2-7]{0,16}$/), (letters) => {
        try {
          expect(toBase32(fromBase32(letters))).toBe(letters);
        } catch (error) {
          if (!(error instanceof CustodyError)) throw error;
        }
      }),
    );
  });
});

test("pictures: any damage to a good one gives a picture or a typed error", () => {
  const good = pngOf({
    width: 4,
    height: 2,
    colour: 2,
    rows: [1, 4].map((filter) => [filter, ...new Array<number>(12).fill(9)]),
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      fc.nat(),
      (changes, cut) => {
        const damaged = good.slice(0, good.length - (cut % 3 === 0 ? cut % good.length : 0));
        for (const [at, to] of changes) damaged[at] = to;
        try {
          expect(readPng(damaged).grey.length).toBe(8);
        } catch (error) {
          if (!(error instanceof CustodyError)) throw error;
        }
      },
    ),
    { numRuns: 300 },
  );
});
