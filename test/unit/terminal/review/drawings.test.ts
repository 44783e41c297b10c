import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import type { ReviewDocument } from "../../../../src/core/documents/review.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { row, section, verbatimRow, type Page } from "../../../../src/terminal/review/page.ts";
import { payout, stateFor } from "../../../factory/custody.ts";
import { drawings, lettersOf, pictures } from "../../../factory/drawings.ts";
import { reviewed } from "../../../factory/gates.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import { ask, planned, plannedOwn, THREE_RUNGS, treasury, wish } from "../../../factory/requests.ts";

const world = treasury();
const ladder = planned(world, [payout(world)], { options: THREE_RUNGS });
const { review } = reviewed(ask(world, [ladder]), stateFor(world));
const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
/** With everything in it that a review may hold. */
const full: ReviewDocument = {
  ...review,
  body: {
    ...review.body,
    dead: [{ plan: fixtureDigest("dead"), spentBy: fixtureDigest("killer"), by: ["anna" as Name] }],
    plans: [
      {
        ...plan,
        warnings: ["<b>wonder</b> & look"],
        locks: ["lock time: block 900,000"],
        intents: plan.intents.map((intent) => ({ ...intent, generation: 2, clearedBy: ["carla" as Name] })),
        rungs: plan.rungs.map((rung) => ({
          ...rung,
          effects: rung.effects.map((effect) =>
            effect.type === "pay" ? { ...effect, memo: "invoice 4711", clearedBy: ["clea" as Name] } : effect,
          ),
        })),
      },
    ],
  },
};

type Leaf = { readonly key: string; readonly value: string | number };

/** Values of a document with the names of their fields; an entry of a list has the list's. */
function leavesOf(value: unknown, key = ""): readonly Leaf[] {
  if (typeof value !== "object" || value === null) return [{ key, value: value as string | number }];
  const inside = Array.isArray(value) ? value.map((one) => [key, one] as const) : Object.entries(value);
  return inside.flatMap(([name, one]) => leavesOf(one, name));
}

/** How a person reads a value. Kinds and types are the page's own words, drawn as labels. */
function wordsFor(key: string, value: string | number): string {
  const text = String(value);
  const words: Readonly<Record<string, () => string>> = {
    kind: () => "",
    version: () => "",
    type: () => "",
    network: () => text.toUpperCase(),
    account: () => text.split(":")[2] as string,
    conflictKey: () => text.split(":outpoint:")[1] as string,
    digest: () => checkWords(text as Digest),
    feeRateMilli: () => `${Number(text) / 1000} sat/vB`,
    feeSharePermille: () => `${(Number(text) / 10).toFixed(1)} %`,
    generation: () => (value === 1 ? "" : `generation ${text}`),
    epoch: () => `epoch ${text}`,
    policy: () => `policy number ${text}`,
  };
  return /[uU]nits$/.test(key) ? `(${text} sat)` : (words[key]?.() ?? text);
}

describe("the drawings of one review", () => {
  test("say the same, letter by letter", () => {
    const { terminal, html, svg } = drawings(full);
    expect(lettersOf(html)).toBe(lettersOf(terminal));
    expect(lettersOf(svg)).toBe(lettersOf(terminal));
    expect(lettersOf(terminal).length).toBeGreaterThan(1000);
  });

  test("a row that one of them lost would be found", () => {
    const { terminal, html } = drawings(full);
    const without = html.replace(/<div class="warning">.*<\/div>/, "");
    expect(without).not.toBe(html);
    expect(lettersOf(without)).not.toBe(lettersOf(terminal));
  });

  test("leave out nothing: whatever value stands in the review is in the page", () => {
    const letters = lettersOf(drawings(full).terminal).replaceAll(",", "");
    const wanted = leavesOf(full.body).map(({ key, value }) => [key, wordsFor(key, value)] as const);
    expect(wanted.length).toBeGreaterThan(80);
    const missing = wanted.filter(([, text]) => !letters.includes(text.replace(/[\s,=|]/g, "")));
    expect(missing).toEqual([]);
  });

  test("a message is drawn with every space in it", () => {
    const message = "two  spaces, one | bar";
    const asked = wish(world, "attest", { message, coins: false, units: "0" });
    const held = [1, 2].map((index) => ({ units: 1_000_000n, index }));
    const said = plannedOwn(world, [asked], { type: "attest", message, coins: false }, { coins: held });
    const drawn = drawings(reviewed(ask(world, [said]), stateFor(world)).review);
    expect(drawn.terminal).toContain(`  | ${message}`);
    expect(drawn.html).toContain(`<div class="verbatim"><dt></dt><dd>${message}</dd></div>`);
    expect(drawn.svg).toMatch(/xml:space="preserve"[^>]*> {2}\| two {2}spaces/);
    expect(lettersOf(drawn.html)).toBe(lettersOf(drawn.terminal));
  });
});

describe("a page for browser and printer", () => {
  const { html, svg } = drawings(full);

  test("has no script and reaches for nothing", () => {
    for (const file of [html, svg]) {
      expect(file).not.toMatch(/<(script|link|img|iframe|object|embed|foreignObject|use|image|a)\b/i);
      expect(file.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
        /https?:|url\(|@import|\son\w+=/i,
      );
    }
    expect(html).toContain("default-src 'none'");
  });

  test("shows markup as text", () => {
    expect(html).toContain("&#60;b&#62;wonder&#60;/b&#62; &#38; look");
    expect(svg).toContain("&#60;b&#62;wonder&#60;/b&#62; &#38; look");
  });

  test("is made for light and dark, and for paper", () => {
    expect(html).toMatch(/prefers-color-scheme: dark/);
    expect(html).toMatch(/@media print/);
    expect(svg).toMatch(/prefers-color-scheme: dark/);
  });

  test("the picture is as wide as A4 and every line fits it", () => {
    expect(svg).toMatch(/width="210mm"/);
    const [, view = "0"] = /viewBox="0 0 ([\d.]+) /.exec(svg) ?? [];
    const ends = [...svg.matchAll(/ x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)"/g)].map(
      ([, x, length]) => Number(x) + Number(length),
    );
    expect(ends.length).toBeGreaterThan(30);
    expect(Math.max(...ends)).toBeLessThan(Number(view));
  });

  test("warns in red on mainnet alone", () => {
    const mainnet = drawings({ ...full, body: { ...full.body, network: "mainnet" } });
    expect(mainnet.html).toContain('<header class="mainnet">MAINNET');
    expect(mainnet.svg).toContain('<rect class="alarm"');
    expect(html).toContain('<header class="regtest">REGTEST');
    expect(svg).not.toContain('<rect class="alarm"');
  });
});

test("what a reader chose cannot end a tag or begin one (attack T5)", () => {
  const page: Page = {
    network: "regtest",
    sections: [section("</h2><script>", [row("\"'>", "</text></svg>"), verbatimRow("<style>&amp;</style>")])],
  };
  const { terminal, html, svg } = pictures(page);
  expect(terminal).toContain("</text></svg>");
  for (const file of [html, svg]) {
    expect(file).toContain("&#60;/text&#62;&#60;/svg&#62;");
    expect(file.match(/<script/g)).toBeNull();
    expect(file.match(/<\/svg>|<\/html>/g)).toHaveLength(1);
  }
});
