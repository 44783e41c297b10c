/** A page for a browser or a printer. Each text is isolated: one in Hebrew or Arabic does not reorder its neighbours (UAX #9, attack T5). */
import { escaped, htmlDocument } from "../html.ts";
import type { Page, Row, Section } from "./page.ts";

const STYLE = `
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
  return htmlDocument({ network, title, style: STYLE, body: sections.map(sectionHtml).join("\n") });
}

function sectionHtml({ heading, rows }: Section): string {
  return `<section>\n<h2>${escaped(heading)}</h2>\n<dl>\n${rows.map(rowHtml).join("\n")}\n</dl>\n</section>`;
}

function rowHtml({ label, text, tone, verbatim }: Row): string {
  const kind = verbatim ? "verbatim" : tone;
  return `<div class="${kind}"><dt>${escaped(label)}</dt><dd>${escaped(text)}</dd></div>`;
}
