import { describe, expect, test } from "vitest";
import { bbqrFrames, firstFrames } from "../../../src/airgap/frames.ts";
import { readQrCodes } from "../../../src/airgap/qr-read.ts";
import { sheetHtml } from "../../../src/airgap/sheet.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { checkWords } from "../../../src/core/words.ts";
import { noise } from "../../factory/noise.ts";
import { pictureOf } from "../../factory/pictures.ts";

const digest = parseDigest("ab".repeat(32));
const frames = firstFrames(bbqrFrames(noise(900), "J")(300));
const html = sheetHtml({ title: `Receipt of <Ann> & "Ben"\u202e`, digest, frames });

/** The modules that a path of horizontal runs paints. */
function painted(svg: string): boolean[][] {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]) - 8;
  const rows = Array.from({ length: side }, () => new Array<boolean>(side).fill(false));
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
    rows[Number(y) - 4]!.fill(true, Number(x) - 4, Number(x) - 4 + Number(run));
  return rows;
}

describe("a sheet of frames", () => {
  test("has every frame as a code that is read back, in one size", async () => {
    const codes = html.match(/<svg.*?<\/svg>/g) ?? [];
    const texts = await Promise.all(codes.map((svg) => readQrCodes(pictureOf(painted(svg), 3))));
    expect(frames.length).toBeGreaterThan(2);
    expect(texts.flat()).toEqual(frames);
    expect(new Set(codes.map((svg) => /viewBox="[^"]*"/.exec(svg)?.[0])).size).toBe(1);
  });

  test("carries number and check words beside each code, and the digest", () => {
    const captions = html.match(/<figcaption>.*?<\/figcaption>/g) ?? [];
    expect(captions).toEqual(
      frames.map((_, i) => `<figcaption>${i + 1} of ${frames.length}<br>${checkWords(digest)}</figcaption>`),
    );
    expect(html).toContain(`<code>${digest}</code>`);
  });

  test("needs nothing beside it, and shows a title as it was written", () => {
    expect(html).toContain("<h1>Receipt of &#60;Ann&#62; &#38; &#34;Ben&#34;⟨U+202E⟩</h1>");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/https?:|src=|<script|@import|url\(/);
  });
});
