import { expect, test } from "vitest";
import { drawFacts, drawTable, grouped } from "../../../src/terminal/table.ts";

const COLUMNS = [{ head: "ID" }, { head: "AMOUNT", align: "right" }, { head: "STATE" }] as const;
const ROWS = [
  ["a1", "0.25000000", "READY"],
  ["b2", "12.00000000", "SIGNED"],
];

test("aligned with a head on a terminal, tab-separated without one in a pipe", () => {
  expect(drawTable(COLUMNS, ROWS, { isTTY: true })).toBe(
    "ID       AMOUNT  STATE\na1   0.25000000  READY\nb2  12.00000000  SIGNED\n",
  );
  expect(drawTable(COLUMNS, ROWS, { isTTY: false })).toBe("a1\t0.25000000\tREADY\nb2\t12.00000000\tSIGNED\n");
  expect(drawTable(COLUMNS, [], { isTTY: false })).toBe("");
});

test("T5: no cell can move the cursor, add a column or hide its neighbour", () => {
  const drawn = drawTable(COLUMNS, [["a\tb\nc", "\u001b[2K\r", "\u202e"]], { isTTY: false });
  expect(drawn).toBe("a⟨U+0009⟩b⟨U+000A⟩c\t⟨U+001B⟩[2K⟨U+000D⟩\t⟨U+202E⟩\n");
  expect(drawFacts([["memo", "\u009b31m"]])).toBe("memo  ⟨U+009B⟩31m\n");
});

test("a table of two hundred thousand rows is drawn", () => {
  const rows = Array.from({ length: 200_000 }, () => ["a", "1", "READY"]);
  expect(drawTable(COLUMNS, rows, { isTTY: true }).split("\n")).toHaveLength(200_002);
});

test("facts stand in two columns", () => {
  expect(
    drawFacts([
      ["id", "a1"],
      ["amount", "1"],
    ]),
  ).toBe("id      a1\namount  1\n");
  expect(drawFacts([])).toBe("");
  const words = Array.from({ length: 30 }, () => "word").join(" ");
  const descriptor = "x".repeat(120);
  const lines = drawFacts([
    ["long", words],
    ["whole", descriptor],
  ]).split("\n");
  expect(
    Math.max(...lines.filter((line) => !line.includes("x")).map((line) => line.length)),
  ).toBeLessThanOrEqual(80);
  expect(lines[1]).toMatch(/^ {7}word/);
  expect(lines.join(" ")).toContain(descriptor);
});

test("F22: an address is shown whole, in groups of four", () => {
  expect(grouped("bcrt1qw508d6q")).toBe("bcrt 1qw5 08d6 q");
  expect(grouped("abcd")).toBe("abcd");
  expect(grouped("")).toBe("");
});
