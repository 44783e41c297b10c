import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addSeconds, instantOf, seconds, type Instant } from "../../../../../src/core/instant.ts";
import { WINDOW_SECONDS, type OnlineWindow } from "../../../../../src/core/policy/online/section.ts";
import { piecesOf, SPANS, spanStart, windowFrom } from "../../../../../src/core/policy/online/window.ts";
import { at } from "../../../../factory/identities.ts";

describe("F25: windows slide by the second, no calendar has a part in it", () => {
  test.each(Object.entries(WINDOW_SECONDS) as [OnlineWindow, number][])(
    "a %s of %i s: what is a second younger counts, what is exactly as old does not",
    (window, length) => {
      const now = at("00:00:10");
      const from = windowFrom(window, now);
      expect(addSeconds(now, -length) >= from).toBe(false);
      expect(addSeconds(now, -length + 1) >= from).toBe(true);
    },
  );

  test("a window that would begin before 1970 begins with it", () => {
    expect(windowFrom("month", instantOf(5))).toBe(instantOf(0));
  });
});

describe("pieces of a window", () => {
  const spans = SPANS.network;

  test("hold each second once, whatever its ends", () => {
    const second = fc.integer({ min: 0, max: 4 * 86_400 });
    fc.assert(
      fc.property(second, second, fc.constantFrom(...Object.values(SPANS)), (a, b, kept) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const pieces = piecesOf(instantOf(from), instantOf(to), kept);
        const covered = pieces
          .map((piece) => [seconds(piece.from), seconds(piece.to as Instant)] as const)
          .sort(([left], [right]) => left - right);
        let reached = from;
        for (const [begin, end] of covered) {
          expect(begin).toBe(reached);
          expect(end).toBeGreaterThan(begin);
          reached = end;
        }
        expect(reached).toBe(to);
        for (const { span, from: begin } of pieces)
          if (span !== 0) expect(spanStart(span, begin)).toBe(begin);
      }),
      { numRuns: 500 },
    );
  });

  test("of thirty days are a hundred reads and at most two minutes of single rows", () => {
    const now = at("11:17:43");
    const pieces = piecesOf(windowFrom("month", now), now, spans);
    const rows = pieces.reduce(
      (total, { span, from, to }) => {
        const length = seconds(to as Instant) - seconds(from);
        return {
          kept: total.kept + (span === 0 ? 0 : length / span),
          single: total.single + (span === 0 ? length : 0),
        };
      },
      { kept: 0, single: 0 },
    );
    expect(rows.kept).toBeLessThan(200);
    expect(rows.single).toBeLessThan(120);
  });

  test("without an end the longest spans go on for ever: a clock that ran ahead hides nothing", () => {
    const pieces = piecesOf(at("11:17:43"), undefined, spans);
    expect(pieces.at(-1)).toEqual({ span: 86_400, from: "2026-11-23T00:00:00Z", to: undefined });
    expect(pieces[0]).toEqual({ span: 0, from: at("11:17:43"), to: at("11:18:00") });
  });
});
