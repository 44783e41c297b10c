/**
 * Frames on paper: one HTML file that needs nothing beside it. Each code carries its number and the check words of the
 * whole, so that a sheet of another run is noticed before it is scanned.
 */
import type { Digest } from "../core/digest.ts";
import { visibleText } from "../core/text.ts";
import { checkWords } from "../core/words.ts";
import { QUIET_ZONE } from "./png-write.ts";
import { qrMatrix, versionFor, type QrMatrix } from "./qr-matrix.ts";

export type Sheet = {
  readonly title: string;
  /** Of the document that the frames carry. */
  readonly digest: Digest;
  readonly frames: readonly string[];
};

/** A page of all frames, two in a row. @throws QR_UNFIT */
export function sheetHtml({ title, digest, frames }: Sheet): string {
  const version = versionFor(Math.max(...frames.map(({ length }) => length)), "M");
  const words = escaped(checkWords(digest));
  const figures = frames.map(
    (frame, index) =>
      `<figure>${svg(qrMatrix(frame, version, "M"))}` +
      `<figcaption>${index + 1} of ${frames.length}<br>${words}</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
@page { size: A4; margin: 12mm; }
body { font: 10pt/1.4 sans-serif; color: #000; background: #fff; margin: 12mm; }
@media print { body { margin: 0; } }
h1 { margin-top: 0; }
figure { display: inline-block; width: 84mm; margin: 0 3mm 6mm 0; break-inside: avoid; text-align: center; }
svg { width: 100%; }
code { word-break: break-all; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${frames.length} codes, in any order. Check words: <strong>${words}</strong><br><code>${digest}</code></p>
<main>
${figures.join("\n")}
</main>
</body>
</html>
`;
}

/** One path of horizontal runs of dark modules. */
function svg(matrix: QrMatrix): string {
  const runs = matrix.flatMap((row, y) => {
    const starts = row.flatMap((dark, x) => (dark && row[x - 1] !== true ? [x] : []));
    return starts.map((x) => {
      const end = row.indexOf(false, x);
      return `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h${(end < 0 ? row.length : end) - x}v1H${x + QUIET_ZONE}z`;
    });
  });
  const side = matrix.length + 2 * QUIET_ZONE;
  return `<svg viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path d="${runs.join("")}"/></svg>`;
}

function escaped(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
