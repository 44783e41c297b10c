/**
 * A file for a browser or a printer: without script and without a reference to anything outside it, so that it shows the
 * same on a machine that has never seen a network.
 */
import type { Network } from "../core/chain.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #111; --paper: #fff; --faint: #666; --line: #ccc; --warn: #8a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --paper: #161616; --faint: #aaa; --line: #444; --warn: #ffb454; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --line: #999; --warn: #000; } section { break-inside: auto; } div { break-inside: avoid; } }
@page { size: A4; margin: 14mm; }
body { font: 11pt/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; color: var(--ink); background: var(--paper); max-width: 52rem; margin: 1.5rem auto; padding: 0 1rem; }
header { border: 2px solid; padding: .3rem; text-align: center; font-weight: bold; letter-spacing: .3em; }
header.mainnet { background: #b00020; color: #fff; border-color: #b00020; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
`;

/** @param body markup, made by `escaped` wherever it holds text */
export function htmlDocument({
  network,
  title,
  style,
  body,
}: {
  readonly network: Network;
  /** Of the window. */
  readonly title: string;
  readonly style: string;
  readonly body: string;
}): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE.trimEnd()}${style}</style>
</head>
<body>
<header class="${network}">${network.toUpperCase()}</header>
${body}
</body>
</html>
`;
}

/** Text as markup, for HTML and SVG: it was made visible before (`visibleText`). */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
