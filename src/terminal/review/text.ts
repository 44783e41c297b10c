/** A page in the terminal. */
import type { ChalkInstance } from "chalk";
import type { ReviewDocument } from "../../core/documents/review.ts";
import { pageLines, type Line } from "./lines.ts";
import { reviewPage } from "./of-review.ts";
import type { Page } from "./page.ts";

/** The whole review as text. @param paint colours of the stream that it is written to */
export function drawReview(review: ReviewDocument, paint: ChalkInstance): string {
  return drawPage(reviewPage(review), paint);
}

export function drawPage(page: Page, paint: ChalkInstance): string {
  const colours: Record<Line["tone"], (text: string) => string> = {
    plain: (text) => text,
    strong: (text) => paint.bold(text),
    warning: (text) => paint.yellow(text),
    heading: (text) => paint.underline(text),
    banner: (text) => (page.network === "mainnet" ? paint.bgRed.white.bold(text) : text),
  };
  return pageLines(page)
    .map(({ text, tone }) => `${text === "" ? "" : colours[tone](text)}\n`)
    .join("");
}
