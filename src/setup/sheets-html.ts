/** The sheets as one HTML page for printing on A4: black on white, nothing fetched, nothing that runs. */
import { GROUPS, LOGBOOK_COLUMNS, LOGBOOK_LINES, sheetsOf, WORDS, type Sheet } from "./sheets.ts";
import type { Answers } from "./answers.ts";

const STYLE = `
@page { size: A4; margin: 18mm }
body { font: 12pt/1.4 sans-serif; color: #000; background: #fff; margin: 0 }
section { break-after: page; page-break-after: always }
section:last-child { break-after: auto; page-break-after: auto }
h1 { font-size: 20pt; margin: 0 }
.secrecy { border: 2pt solid #000; display: inline-block; padding: 1mm 4mm; margin: 3mm 0; font-weight: bold }
dl { display: grid; grid-template-columns: 30mm 1fr; margin: 4mm 0 }
dd { margin: 0; font-family: monospace }
.grid { display: grid; gap: 2mm 6mm }
.four { grid-template-columns: repeat(4, 1fr) }
.three { grid-template-columns: repeat(3, 1fr); grid-auto-flow: column; grid-template-rows: repeat(8, auto) }
.blank { border-bottom: 1pt solid #000; height: 10mm }
.blank span { font-size: 8pt }
table { border-collapse: collapse; width: 100% }
td, th { border: 1pt solid #000; padding: 1mm; text-align: left; font-size: 9pt }
td { height: 14mm }
th:nth-child(3) { width: 50% }
.signed { margin-top: 10mm }
`;

export function sheetsHtml(answers: Answers): string {
  return [
    "<!DOCTYPE html>",
    '<html lang="en"><head><meta charset="utf-8">',
    // Even a name that got past the escaping could fetch and run nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Cards</title><style>${STYLE}</style></head><body>`,
    ...sheetsOf(answers).map(section),
    "</body></html>",
    "",
  ].join("\n");
}

function section(sheet: Sheet): string {
  return [
    "<section>",
    `<h1>${escaped(sheet.title)}</h1>`,
    `<div class="secrecy">${sheet.secrecy}</div>`,
    `<dl>${sheet.facts.map(([label, value]) => `<dt>${label}</dt><dd>${escaped(value)}</dd>`).join("")}</dl>`,
    `<p>${escaped(sheet.note)}</p>`,
    BLANKS[sheet.blanks],
    '<p class="signed">Date and signature: ____________________________________________</p>',
    "</section>",
  ].join("\n");
}

const words = `<div class="grid three">${blanks(WORDS)}</div>`;

const BLANKS: Readonly<Record<Sheet["blanks"], string>> = {
  fingerprint: `<p>Fingerprint, four digits in each field:</p><div class="grid four">${blanks(GROUPS)}</div><p>The same in words:</p>${words}`,
  words,
  logbook: `<table><tr>${LOGBOOK_COLUMNS.map((column) => `<th>${column}</th>`).join("")}</tr>${`<tr>${"<td></td>".repeat(LOGBOOK_COLUMNS.length)}</tr>`.repeat(LOGBOOK_LINES)}</table>`,
};

function blanks(count: number): string {
  return Array.from(
    { length: count },
    (_, place) => `<div class="blank"><span>${place + 1}</span></div>`,
  ).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
