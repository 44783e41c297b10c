import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBytewords, encodeBytewords } from "../../src/airgap/bytewords.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../../src/airgap/cbor.ts";
import { UrDecoder, UR_SPOILED, type UrProgress } from "../../src/airgap/ur-decoder.ts";
import { encodeUr, parseFrame } from "../../src/airgap/ur.ts";
import { CustodyError, isError } from "../../src/core/errors.ts";
import { frameText, take, wolfCbor } from "../factory/ur-frames.ts";

const SEED = { seed: 20261122 };
const bytes = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength });

/** What a camera gets of an animation: frames get lost, come late, and come again. */
const channel = fc.record({
  first: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 32 - 10_000 })),
  loss: fc.double({ min: 0, max: 0.6, noNaN: true }),
  /** One number in 0 to 1 for each frame, used over and over; a prime number of them. */
  fates: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
    minLength: 97,
    maxLength: 97,
  }),
});

test("any message comes back over any channel that loses up to six in ten, and mixes and repeats the rest", () => {
  fc.assert(
    fc.property(
      bytes(6000),
      fc.integer({ min: 20, max: 250 }),
      channel,
      (message, size, { first, loss, fates }) => {
        const encoded = encodeUr("bytes", message, size);
        const decoder = new UrDecoder();
        const parts = encoded.parts(first);
        const late: string[] = [];
        let progress: UrProgress = { type: "malformed", advice: "" };
        let have = 0;
        for (let count = 0; progress.type !== "done" && count < 100 * encoded.length + 1000; count++) {
          const text = encoded.single ?? take(parts, 1)[0] ?? "";
          const fate = fates[(count * 7 + (count >>> 5)) % fates.length] ?? 0;
          if (encoded.single === undefined && fate < loss) continue;
          late.push(text);
          if (late.length < 5) continue;
          const [next = ""] = late.splice(Math.floor(fate * late.length), 1);
          progress = decoder.receive(next);
          if (progress.type === "part") expect((have += 1)).toBe(progress.have);
          else expect(["done", "duplicate"]).toContain(progress.type);
          if (progress.type !== "done" && fate > 0.8) expect(decoder.receive(next).type).toBe("duplicate");
        }
        expect(progress).toEqual({ type: "done", urType: "bytes", cbor: message });
      },
    ),
    { ...SEED, numRuns: 150 },
  );
});

describe("whatever is shown", () => {
  const good = take(encodeUr("bytes", wolfCbor(700), 60).parts(), 40);
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.constantFrom(...good),
    // A good frame with one character changed.
    fc
      .tuple(fc.constantFrom(...good), fc.nat(200), fc.string({ minLength: 1, maxLength: 1 }))
      .map(([frame, at, letter]) => frame.slice(0, at) + letter + frame.slice(at + 1)),
    // Right words and checksum around any bytes.
    bytes(80).map((body) => `ur:bytes/1-9/${encodeBytewords(body)}`),
    // A header that may be true, may not, and fits what is outside.
    fc
      .record({
        seqNum: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 })),
        seqLen: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 ** 32 })),
        messageLen: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 2 ** 32 })),
        checksum: fc.nat(2 ** 31 - 1),
        data: fc.uint8Array({ maxLength: 100 }),
      })
      .map((part) => frameText(part)),
  );

  test("is answered, or refused with a typed error", () => {
    const answers = new Set<string>();
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
        const decoder = new UrDecoder();
        for (const each of texts) {
          try {
            answers.add(decoder.receive(each).type);
          } catch (error) {
            if (!isError(error, UR_SPOILED)) throw error;
            decoder.reset();
          }
        }
      }),
      { ...SEED, numRuns: 300 },
    );
    expect([...answers].sort()).toEqual(["duplicate", "foreign", "malformed", "part"]);
  });

  test("among good frames with poisoned ones: the message that comes out is the one that went in", () => {
    const parts = good
      .map((each) => parseFrame(each))
      .flatMap((frame) => (frame.type === "part" ? [frame.part] : []));
    const poisoned = fc
      .record({ part: fc.constantFrom(...parts), at: fc.nat(59), xor: fc.integer({ min: 1, max: 255 }) })
      .map(({ part, at, xor }) => {
        const data = part.data.map((byte, index) => (index === at % part.data.length ? byte ^ xor : byte));
        return frameText({ ...part, data });
      });
    const scan = fc
      .tuple(fc.array(poisoned, { maxLength: 2 }), fc.nat(25), fc.shuffledSubarray(good, { minLength: 20 }))
      .map(([bad, place, rest]) => [...rest.slice(0, place), ...bad, ...rest.slice(place)]);
    const ends = { done: 0, spoiled: 0 };
    fc.assert(
      fc.property(scan, (texts) => {
        const decoder = new UrDecoder();
        try {
          for (const each of texts) {
            const progress = decoder.receive(each);
            if (progress.type !== "done") continue;
            ends.done++;
            expect(progress.cbor).toEqual(wolfCbor(700));
            return;
          }
        } catch (error) {
          if (!isError(error, UR_SPOILED)) throw error;
          ends.spoiled++;
        }
      }),
      { ...SEED, numRuns: 500 },
    );
    expect(ends.done).toBeGreaterThan(100);
    expect(ends.spoiled).toBeGreaterThan(100);
  });

  test("memory stays within what a message needs", () => {
    const decoder = new UrDecoder();
    const before = process.memoryUsage().arrayBuffers;
    for (const each of fc.sample(text, { ...SEED, numRuns: 5000 })) {
      try {
        decoder.receive(each);
      } catch (error) {
        if (!isError(error, UR_SPOILED)) throw error;
      }
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });
});

test("Bytewords read back what they wrote, and a letter that is changed is found", () => {
  fc.assert(
    fc.property(
      bytes(300),
      fc.nat(),
      fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
      (body, place, letter) => {
        const words = encodeBytewords(body);
        expect(decodeBytewords(words)).toEqual(body);
        const at = place % words.length;
        if (words[at] === letter) return;
        expect(() => decodeBytewords(words.slice(0, at) + letter + words.slice(at + 1))).toThrow(
          CustodyError,
        );
      },
    ),
    SEED,
  );
});

const { cbor } = fc.letrec<{ cbor: Cbor }>((tie) => ({
  cbor: fc.oneof(
    { maxDepth: 5 },
    fc.maxSafeNat(),
    fc.boolean(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("cbor"), { maxLength: 30 }),
    fc
      .array(fc.tuple(fc.oneof(fc.maxSafeNat(), fc.string({ maxLength: 9 })), tie("cbor")), { maxLength: 5 })
      .map((entries): Cbor => new Map(entries)),
    fc.record({ tag: fc.maxSafeNat(), value: tie("cbor") }),
  ),
}));

describe("CBOR", () => {
  test("reads back what it wrote", () => {
    fc.assert(
      fc.property(cbor, (value) => {
        const written = encodeCbor(value);
        const read = decodeCbor(written);
        expect(read).toEqual(value);
        expect(encodeCbor(read)).toEqual(written);
      }),
      SEED,
    );
  });

  test("any bytes are the one spelling of their value, or refused", () => {
    let read = 0;
    const nearly = fc.tuple(cbor, fc.nat(), fc.nat(255)).map(([value, place, byte]) => {
      const written = encodeCbor(value);
      written[place % written.length] = byte;
      return written;
    });
    fc.assert(
      fc.property(fc.oneof(bytes(40), nearly), (some) => {
        try {
          expect(encodeCbor(decodeCbor(some))).toEqual(some);
          read++;
        } catch (error) {
          if (!(error instanceof CustodyError)) throw error;
        }
      }),
      { ...SEED, numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
