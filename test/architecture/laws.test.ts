/** The laws that comments cite by number are those of docs/laws.md, and what it says keeps and shows them is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, sources } from "./tree.ts";

const PAGE = readFileSync(join(ROOT, "docs/laws.md"), "utf8");
const LAWS = PAGE.split(/^## /m)
  .slice(1)
  .map((text) => ({ number: /^Law (\d+): /.exec(text)?.[1] ?? "none", text }));

const pages = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));

/** Every number that `text` cites: "law 3", "Laws 3, 4 and 7". */
function cited(text: string): readonly string[] {
  return [...text.matchAll(/\blaws? (\d+(?:(?:, | and )\d+)*)/gi)].flatMap(
    ([, numbers = ""]) => numbers.match(/\d+/g) ?? [],
  );
}

describe("the laws", () => {
  test("are numbered without a gap", () => {
    expect(LAWS.map(({ number }) => number)).toEqual(LAWS.map((_, index) => String(index + 1)));
  });

  test("are all that anybody cites, and each is cited", () => {
    const texts = [
      ...sources("src", "signer", "watcher", "demo", "test"),
      ...[...pages, "README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "model/README.md"].map(
        (path) => ({
          path,
          text: readFileSync(join(ROOT, path), "utf8"),
        }),
      ),
    ].filter(({ path }) => path !== "docs/laws.md");
    const known = new Set(LAWS.map(({ number }) => number));
    const unknown = texts.flatMap(({ path, text }) =>
      cited(text)
        .filter((number) => !known.has(number))
        .map((number) => `${path}: law ${number}`),
    );
    expect(unknown).toEqual([]);
    const all = new Set(texts.flatMap(({ text }) => cited(text)));
    expect([...known].filter((number) => !all.has(number))).toEqual([]);
  });

  test.each(LAWS)("law $number names what keeps and what shows it", ({ text }) => {
    const [, kept = "", shown = ""] = /^Kept by ([\s\S]+); shown by\s([\s\S]+)\.\n/m.exec(text) ?? [];
    const paths = (said: string) => [...said.matchAll(/`([^`]+)`/g)].map(([, path]) => path as string);
    expect(paths(kept).filter((path) => /^(src|signer|watcher)\//.test(path))).toEqual(paths(kept));
    expect(paths(shown).filter((path) => /^test\//.test(path))).toEqual(paths(shown));
    expect(paths(kept).length * paths(shown).length).toBeGreaterThan(0);
    expect([...paths(kept), ...paths(shown)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("a citation is found in any of its forms", () => {
    expect(cited("Law 3; laws 4, 7 and 13 of them")).toEqual(["3", "4", "7", "13"]);
  });
});
