/** A page as a picture: the lines of the terminal in letters of one width, as wide as a sheet of A4. */
import { cellsOf } from "../cells.ts";
import { escaped } from "../html.ts";
import { pageLines, WIDTH, type Line } from "./lines.ts";
import type { Page } from "./page.ts";

/** In units of the picture: the advance of a letter of 12 in fonts of one width, and the distance of two lines. */
const LETTER = 7.2;
const LINE = 16;
const MARGIN = 40;
const A4_WIDTH_MM = 210;

const STYLE = `
.paper { fill: #fff } text { fill: #111; font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre }
.strong, .heading { font-weight: bold } .warning { fill: #8a4b00; font-weight: bold }
.banner { font-weight: bold } .mainnet { fill: #fff } .alarm { fill: #b00020 }
@media (prefers-color-scheme: dark) { .paper { fill: #161616 } text { fill: #eee } .warning { fill: #ffb454 } .mainnet { fill: #fff } }
`;

export function pageSvg(page: Page, title: string): string {
  const lines = pageLines(page);
  const width = WIDTH * LETTER + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const alarm =
    page.network === "mainnet"
      ? `<rect class="alarm" x="${MARGIN}" y="${MARGIN}" width="${WIDTH * LETTER}" height="${LINE}"/>\n`
      : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${A4_WIDTH_MM}mm" height="${((A4_WIDTH_MM * height) / width).toFixed(2)}mm" viewBox="0 0 ${width} ${height}" direction="ltr">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="paper" width="${width}" height="${height}"/>
${alarm}${lines.map((line, place) => lineSvg(line, place, page)).join("\n")}
</svg>
`;
}

// The length is said as well: a font of another width must not push the end of an address off the sheet.
function lineSvg({ text, tone }: Line, place: number, { network }: Page): string {
  if (text === "") return "";
  const kind = tone === "banner" ? `banner ${network}` : tone;
  const y = MARGIN + (place + 1) * LINE - 4;
  const length = (cellsOf(text) * LETTER).toFixed(1);
  return `<text class="${kind}" xml:space="preserve" x="${MARGIN}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}
