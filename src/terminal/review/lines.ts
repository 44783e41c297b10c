/** A page in lines of 80 columns, as the terminal and the picture draw it. */
import { padCells } from "../cells.ts";
import { verbatim, wrapped } from "../labelled-text.ts";
import type { Page, Row, Tone } from "./page.ts";

export const WIDTH = 80;

export type Line = { readonly text: string; readonly tone: Tone | "banner" | "heading" };

export function pageLines({ network, sections }: Page): readonly Line[] {
  return [
    { text: banner(network), tone: "banner" },
    ...sections.flatMap(({ heading, rows }, place) => [
      ...(place === 0 ? [] : [{ text: "", tone: "plain" } as const]),
      ...wrapped("", heading).map((text): Line => ({ text, tone: "heading" })),
      ...rows.flatMap(rowLines),
    ]),
  ];
}

function banner(network: string): string {
  return ` ${network.toUpperCase()} `.padStart((WIDTH + network.length + 2) / 2, "=").padEnd(WIDTH, "=");
}

function rowLines({ label, text, tone, verbatim: whole }: Row): readonly Line[] {
  const gap = label.length > 6 ? "  " : " ";
  const lines = whole ? verbatim("  | ", text) : wrapped(`  ${padCells(label, 6)}${gap}`, text);
  return lines.map((line) => ({ text: line, tone }));
}
