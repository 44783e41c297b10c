import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import type { ReviewDocument } from "../../../src/core/documents/review.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { REVIEW } from "../../../src/core/documents/review.ts";
import { checkWords } from "../../../src/core/words.ts";
import { drawReview } from "../../../src/terminal/review-text.ts";
import { grouped } from "../../../src/terminal/table.ts";
import { goodRequest, makeCustody, PAYEE, stateFor } from "../../factory/custody.ts";
import { reviewed } from "../../factory/gates.ts";

const custody = makeCustody();
const { review } = reviewed(goodRequest(custody), stateFor(custody));
const plain = new Chalk({ level: 0 });
const draw = (changes: Partial<ReviewDocument["body"]> = {}) =>
  drawReview(makeDocument(REVIEW, { ...review.body, ...changes }), plain);

/** Text without its line breaks and labels' spaces, to find what was wrapped. */
const joined = (text: string) => text.replace(/\s+/g, "");

describe("a review in the terminal", () => {
  test("fits 80 columns", () => {
    expect(
      Math.max(
        ...draw()
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  test("shows the address whole, in groups of four (failure F22)", () => {
    expect(draw()).toContain(grouped(PAYEE));
  });

  test("shows what is paid, what is change and why it is ours, fee absolute, by size and as a share", () => {
    const text = draw();
    expect(text).toContain("PAY    0.25000000 BTC (25,000,000 sat)");
    expect(text).toMatch(/CHANGE 0\.\d+ BTC \([\d,]+ sat\), proven ours at m\/84h\/1h\/0h\/1\/3/);
    expect(text).toMatch(/FEE {4}0\.0000\d+ BTC/);
    expect(text).toMatch(/\d+\.\d{3} sat per virtual byte, at most \d+\.\d % of what is paid/);
    expect(text).toContain("approved by anna");
  });

  test("shows the whole digest with its check words", () => {
    expect(joined(draw())).toContain(review.digest);
    expect(draw()).toContain(checkWords(review.digest));
  });

  test("draws a red banner on mainnet alone", () => {
    const colours = new Chalk({ level: 1 });
    const red = colours.bgRed.white.bold("x").split("x")[0] as string;
    const mainnet = drawReview(makeDocument(REVIEW, { ...review.body, network: "mainnet" }), colours);
    expect(mainnet.startsWith(red)).toBe(true);
    expect(mainnet).toContain("MAINNET");
    expect(drawReview(review, colours).startsWith(red)).toBe(false);
    expect(drawReview(review, colours)).toContain("REGTEST");
  });

  test("names locks and warnings, and says when there are no locks", () => {
    const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
    const marked = draw({
      plans: [{ ...plan, locks: ["lock time: block 900,000"], warnings: ["the fee is high"] }],
    });
    expect(marked).toContain("LOCK   lock time: block 900,000");
    expect(marked).toContain("WARNING  the fee is high");
    expect(draw({ plans: [{ ...plan, locks: [] }] })).toContain("LOCKS  none");
  });

  test("no text can move the cursor (attack T5)", () => {
    const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
    const text = drawReview(
      { ...review, body: { ...review.body, plans: [{ ...plan, warnings: ["\u001b[2Jgone"] }] } },
      plain,
    );
    expect(text).not.toContain("\u001b");
    expect(text).toContain("⟨U+001B⟩");
  });
});
