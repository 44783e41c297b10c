import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Answers } from "../../../src/setup/answers.ts";
import { errandsText } from "../../../src/setup/errands-text.ts";
import { sheetsHtml } from "../../../src/setup/sheets-html.ts";
import { sheetsText } from "../../../src/setup/sheets-text.ts";
import { sheetsOf } from "../../../src/setup/sheets.ts";
import { shellWord } from "../../../src/core/shell-word.ts";
import { TEMPLATE_NAMES } from "../../../src/setup/template.ts";
import { commandLines, faultOf } from "../../factory/command-line.ts";
import { answersFor } from "../../factory/setup.ts";

const NASTY = [
  "$(touch /tmp/owned)",
  "`id`",
  "O'Neil; rm -rf ~",
  '"quoted" \\ back',
  "<script>alert(1)</script>",
  "![x](http://a.example/x.png)",
  "Zoë Özgür",
];

function called(person: string): Answers {
  const answers = answersFor("three");
  return { ...answers, people: answers.people.map((one, place) => (place === 0 ? { ...one, person } : one)) };
}

describe("papers of a ceremony", () => {
  test.each(NASTY)("T5: a shell reads the name %s as one word, and runs nothing", (name) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(name)}`], { encoding: "utf8" })).toBe(name);
  });

  test.each(NASTY)("T5: the name %s is text on the sheets and in the list", (name) => {
    const html = sheetsHtml(called(name));
    expect(html).not.toMatch(/<script|<img|<link|<iframe| on[a-z]+=| src=| href=/i);
    const visible = html
      .replace(/<[^>]*>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">");
    expect(
      visible
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, "&"),
    ).toContain(`Card of ${name}`);
    const list = errandsText(called(name)).replace(/```[\s\S]*?```/g, "");
    expect(list).not.toMatch(/[^\\](!?\[|<script)(?! \])/);
  });

  test("the sheets are one page that fetches nothing", () => {
    const html = sheetsHtml(answersFor("nine"));
    expect(html).not.toMatch(/https?:|url\(|@import/);
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<section>/g)).toHaveLength(9 + 2 * 3);
  });

  test("a card each, a sheet of words and a logbook for each signer, and nothing filled in", () => {
    const sheets = sheetsOf(answersFor("five"));
    expect(sheets.map(({ blanks }) => blanks)).toEqual([
      ...Array.from({ length: 5 }, () => "fingerprint"),
      ...["vault-1", "vault-2", "vault-3"].flatMap(() => ["words", "logbook"]),
    ]);
    expect(sheets.filter(({ secrecy }) => secrecy === "SECRET").map(({ blanks }) => blanks)).toEqual([
      "words",
      "words",
      "words",
    ]);
    expect(sheetsText(answersFor("five"))).not.toMatch(/[0-9a-f]{16}/);
  });

  test("as text, the sheets fit a page of 76 columns", () => {
    const pages = sheetsText(answersFor("nine")).split("\f");
    expect(pages).toHaveLength(9 + 2 * 3);
    expect(
      Math.max(...pages.flatMap((page) => page.split("\n").map((line) => line.length))),
    ).toBeLessThanOrEqual(76);
  });

  test.each(TEMPLATE_NAMES)("%s: every command of the list is one that the programs have", (name) => {
    for (const network of ["regtest", "mainnet"] as const) {
      const list = errandsText(answersFor(name, { network }));
      const lines = commandLines(list);
      expect(lines.length).toBeGreaterThan(20);
      expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
    }
  });

  test("a command that the programs do not have is found", () => {
    expect(faultOf("custody identity new ann --network regtest --person Ann --out ann.key")).toBeUndefined();
    expect(faultOf("custody identity make ann")).toMatch(/no command/);
    expect(faultOf("custody identity new ann --network regtest --person Ann --out ann.key --plain")).toMatch(
      /no --plain/,
    );
    expect(faultOf("custody identity new ann --network regtest --out ann.key")).toMatch(/needs --person/);
    expect(faultOf("custodian status")).toMatch(/no program/);
  });

  test("everyone named signs, every signer proves and pins, every desk pins", () => {
    const lines = commandLines(errandsText(answersFor("five")));
    const count = (start: string) => lines.filter((line) => line.startsWith(start)).length;
    expect(count("custody desk sign")).toBe(5);
    expect(count("custody desk init")).toBe(5);
    expect(count("custody-signer policy prove")).toBe(3);
    expect(count("custody-signer policy pin")).toBe(3);
    const imported = lines.find((line) => line.startsWith("custody policy import"));
    expect(imported?.split(" ").length).toBe(3 + 5 + 3);
  });

  test("homes are named only where everything is tried on one machine", () => {
    expect(errandsText(answersFor("three"))).toContain("export CUSTODY_HOME=~/custody-officer-a");
    expect(errandsText(answersFor("three", { network: "mainnet" }))).not.toMatch(/^ *export /m);
  });
});
