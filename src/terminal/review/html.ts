/**
 * A page for a browser or a printer: one file without script and without a reference to anything outside it, so that it
 * shows the same on a machine that has never seen a network. Each text is isolated: one in Hebrew or Arabic does not
 * reorder its neighbours (UAX #9, attack T5).
 */
import type { Page, Row, Section } from "./page.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #111; --paper: #fff; --faint: #666; --line: #ccc; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --faint: #aaa; --line: #444; --warn: #ffb454; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --line: #999; --warn: #000; } section { break-inside: auto; } div { break-inside: avoid; } }
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; color: var(--ink); background: var(--paper); max-width: 52rem; margin: 1.5rem auto; padding: 0 1rem; }
header { border: 2px solid; padding: .3rem; text-align: center; font-weight: bold; letter-spacing: .3em; }
header.mainnet { background: #b00020; color: #fff; border-color: #b00020; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h2 { font-size: 1em; margin: 1.4rem 0 .4rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
dl { margin: 0; }
div { display: grid; grid-template-columns: 8.5em 1fr; gap: .6em; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: break-spaces; }
.strong dd, .strong dt { font-weight: bold; color: inherit; }
.warning dd, .warning dt { font-weight: bold; color: var(--warn); }
.verbatim dd { border-left: 3px solid var(--line); padding-left: .6em; }
`;

/** @param title of the window, which no drawing counts as part of the page */
export function pageHtml({ network, sections }: Page, title: string): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="${network}">${network.toUpperCase()}</header>
${sections.map(sectionHtml).join("\n")}
</body>
</html>
`;
}

function sectionHtml({ heading, rows }: Section): string {
  return `<section>\n<h2>${escaped(heading)}</h2>\n<dl>\n${rows.map(rowHtml).join("\n")}\n</dl>\n</section>`;
}

function rowHtml({ label, text, tone, verbatim }: Row): string {
  const kind = verbatim ? "verbatim" : tone;
  return `<div class="${kind}"><dt>${escaped(label)}</dt><dd>${escaped(text)}</dd></div>`;
}

/** Text of a page as markup, for HTML and SVG: it was made visible where its row was made. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
