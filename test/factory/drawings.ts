/** The four drawings of a review, each as the text that a person would read in it. */
import { Chalk } from "chalk";
import type { ReviewDocument } from "../../src/core/documents/review.ts";
import { visibleJson } from "../../src/core/text.ts";
import { pageHtml } from "../../src/terminal/review/html.ts";
import { reviewPage } from "../../src/terminal/review/of-review.ts";
import type { Page } from "../../src/terminal/review/page.ts";
import { pageSvg } from "../../src/terminal/review/svg.ts";
import { drawPage } from "../../src/terminal/review/text.ts";

/** Files as they are written. */
export type Drawings = Readonly<Record<"terminal" | "html" | "svg" | "json", string>>;

export function drawings(review: ReviewDocument): Drawings {
  return { ...pictures(reviewPage(review)), json: visibleJson(JSON.stringify(review.body)) };
}

export function pictures(page: Page): Omit<Drawings, "json"> {
  return {
    terminal: drawPage(page, new Chalk({ level: 0 })),
    html: pageHtml(page, "title"),
    svg: pageSvg(page, "title"),
  };
}

/** The letters that a person reads in a drawing, without spaces and the signs that only one of them draws around texts. */
export function lettersOf(drawing: string): string {
  const text = /^<(!doctype|\?xml)/.test(drawing) ? textOf(drawing) : drawing;
  return text.replace(/[\s=|]/g, "");
}

function textOf(markup: string): string {
  return markup
    .replace(/<(title|style)>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 10)));
}
