/** A withdrawal's timeline as a page: how long it stood in each state, and all that happened, in order. */
import type { Network } from "../core/chain.ts";
import { visibleText } from "../core/text.ts";
import { escaped, htmlDocument } from "./html.ts";
import { drawSpan } from "./span.ts";

export type TimelinePage = {
  readonly network: Network;
  readonly title: string;
  /** What it is about: amount, destination, state. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly stays: readonly { readonly state: string; readonly seconds: number }[];
  readonly happenings: readonly {
    readonly at: string;
    readonly actor: string;
    readonly subject: string;
    readonly event: string;
    readonly state: string;
  }[];
};

const STYLE = `
h1 { font-size: 1.15em; } h2 { font-size: 1em; margin: 1.4rem 0 .4rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0; }
dt, th { color: var(--faint); text-align: left; font-weight: normal; } dd { margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
table { border-collapse: collapse; width: 100%; font-size: .92em; } td, th { padding: .15em .7em .15em 0; vertical-align: top; } td { unicode-bidi: isolate; }
tr.moved td { font-weight: bold; } tr.moved td:first-child { border-left: 3px solid currentColor; padding-left: .5em; } td:first-child, th:first-child { padding-left: .7em; white-space: nowrap; }
svg { width: 100%; height: auto; } svg text { fill: currentColor; font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
rect.even { fill: #4878a8; } rect.odd { fill: #9ab5d0; } tr { break-inside: avoid; }
`;

export function timelineHtml({ network, title, facts, stays, happenings }: TimelinePage): string {
  const rows = happenings.map(
    ({ at, actor, subject, event, state }) =>
      `<tr${subject === "withdrawal" ? ' class="moved"' : ""}>${[at, actor, subject, event, state].map(cell).join("")}</tr>`,
  );
  const body = [
    `<h1>${shown(title)}</h1>`,
    `<dl>${facts.map(([label, value]) => `<dt>${shown(label)}</dt><dd>${shown(value)}</dd>`).join("")}</dl>`,
    "<h2>How long it stood where</h2>",
    staysSvg(stays),
    "<h2>What happened</h2>",
    `<table><tr><th>time (UTC)</th><th>recorded by</th><th>to</th><th>event</th><th>state</th></tr>${rows.join("\n")}</table>`,
  ].join("\n");
  return htmlDocument({ network, title: visibleText(title), style: STYLE, body });
}

function cell(text: string): string {
  return `<td>${shown(text)}</td>`;
}

function shown(text: string): string {
  return escaped(visibleText(text));
}

/** In units of the picture. */
const [WIDTH, LABELS, BAR, LINE] = [760, 210, 12, 18];

// One bar a stay, long ones longer by their root: a day beside a minute leaves the minute to be seen.
function staysSvg(stays: TimelinePage["stays"]): string {
  const roots = stays.map(({ seconds }) => Math.sqrt(seconds));
  const longest = Math.max(1, ...roots);
  const lines = stays.map(({ state, seconds }, place) => {
    const y = place * LINE;
    const width = Math.max(2, ((roots[place] ?? 0) / longest) * (WIDTH - LABELS));
    return (
      `<text x="0" y="${y + BAR - 1}">${shown(`${state} ${drawSpan(seconds)}`)}</text>` +
      `<rect class="${place % 2 === 0 ? "even" : "odd"}" x="${LABELS}" y="${y + 1}" width="${width.toFixed(1)}" height="${BAR}"/>`
    );
  });
  const height = Math.max(1, stays.length) * LINE;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="time in each state; bars grow with the square root">\n${lines.join("\n")}\n</svg>`;
}
