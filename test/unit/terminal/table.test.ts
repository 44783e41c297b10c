import { describe, expect, test } from "vitest";
import { drawFacts, drawTable, grouped } from "../../../src/terminal/table.ts";

const COLUMNS = [{ head: "ID" }, { head: "AMOUNT", align: "right" }, { head: "STATE" }] as const;
const ROWS = [
  ["a1", "0.25000000", "READY"],
  ["b2", "12.00000000", "SIGNED"],
];

const TERMINAL = { isTTY: true, columns: 80 };
const PIPE = { isTTY: false, columns: 80 };

test("aligned with a head on a terminal, tab-separated without one in a pipe", () => {
  expect(drawTable(COLUMNS, ROWS, TERMINAL)).toBe(
    "ID       AMOUNT  STATE\na1   0.25000000  READY\nb2  12.00000000  SIGNED\n",
  );
  expect(drawTable(COLUMNS, ROWS, PIPE)).toBe("a1\t0.25000000\tREADY\nb2\t12.00000000\tSIGNED\n");
  expect(drawTable(COLUMNS, [], PIPE)).toBe("");
});

test("T5: no cell can move the cursor, add a column or hide its neighbour", () => {
  const drawn = drawTable(COLUMNS, [["a\tb\nc", "\u001b[2K\r", "\u202e"]], PIPE);
  expect(drawn).toBe("a⟨U+0009⟩b⟨U+000A⟩c\t⟨U+001B⟩[2K⟨U+000D⟩\t⟨U+202E⟩\n");
  expect(drawFacts([["memo", "\u009b31m"]])).toBe("memo  ⟨U+009B⟩31m\n");
});

test("a table of two hundred thousand rows is drawn", () => {
  const rows = Array.from({ length: 200_000 }, () => ["a", "1", "READY"]);
  expect(drawTable(COLUMNS, rows, TERMINAL).split("\n")).toHaveLength(200_002);
});

describe("a table that is wider than the terminal", () => {
  const ID = "0123456789abcdef0123456789abcdef";
  const ADDRESS = "bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x";
  const QUEUE = [
    { head: "STATE" },
    { head: "AMOUNT", align: "right" },
    { head: "ID" },
    { head: "TO" },
  ] as const;
  const WAITING = [["PENDING_APPROVAL", "0.25000000", ID, ADDRESS]];

  test("puts what has no room below, with ids and addresses whole", () => {
    expect(drawTable(QUEUE, WAITING, TERMINAL)).toBe(
      `STATE                 AMOUNT  ID\n  TO\nPENDING_APPROVAL  0.25000000  ${ID}\n  ${ADDRESS}\n`,
    );
    expect(drawTable(QUEUE, WAITING, { isTTY: true, columns: 120 }).split("\n")).toHaveLength(3);
  });

  test("a later column that has room stands in the first line; nothing is said below where there is nothing", () => {
    const columns = [{ head: "A" }, { head: "FIX" }, { head: "B" }];
    const rows = [
      ["1", "x ".repeat(60).trim(), "2"],
      ["3", "", "4"],
    ];
    const lines = drawTable(columns, rows, TERMINAL).split("\n");
    expect(lines.slice(0, 3)).toEqual(["A  B", "  FIX", "1  2"]);
    expect(lines.slice(-2)).toEqual(["3  4", ""]);
  });

  test.each([40, 60, 80])("no line is over %i columns, and no character is left out", (columns) => {
    const path = `/home/${"very-long-name/".repeat(12)}file`;
    const rows = [...WAITING, [ID.repeat(4), "1", `see ${path} for it`, ADDRESS]];
    const drawn = drawTable(QUEUE, rows, { isTTY: true, columns });
    expect(Math.max(...drawn.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(columns);
    const joined = drawn.replace(/\s/g, "");
    for (const cell of rows.flat()) expect(joined).toContain(cell.replace(/\s/g, ""));
  });

  test("F22: a digest that is folded has as many groups in each line: none stands alone to be left out", () => {
    const head = "0123456789abcdef".repeat(4);
    const [, ...lines] = drawTable([{ head: "HEAD" }], [[grouped(head)]], { isTTY: true, columns: 78 })
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => line.trim().split(" ").length)).toEqual([8, 8]);
    expect(lines.join("").replace(/\s/g, "")).toBe(head);
  });

  test("F22: an id that is folded stands in groups", () => {
    const drawn = drawTable([{ head: "ID" }], [[ID.repeat(2)]], { isTTY: true, columns: 42 });
    expect(drawn).toBe(
      `ID\n${"0123 4567 89ab cdef ".repeat(2).trim()}\n  ${"0123 4567 89ab cdef ".repeat(2).trim()}\n`,
    );
  });
});

test("a digest that has no room beside its label stands below it, whole", () => {
  const digest = "ab".repeat(32);
  expect(drawFacts([["a rather long label", digest]])).toBe(`a rather long label\n    ${digest}\n`);
  expect(drawFacts([["digest", digest]])).toBe(`digest  ${digest}\n`);
});

test("F22: an account that is longer than a line stands in groups; a descriptor stays in one piece, a wide word does not", () => {
  const account = `bip122:0f9188f13cb7b2c71f2a335e3a4fc328:${"bcrt1q6rhpng9".repeat(4)}`;
  const lines = drawFacts([["account", account]]).split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(lines.join("").replace(/\s/g, "")).toBe(`account${account}`);
  expect(lines.join("\n")).toContain("bip122:0f9188f13cb7b2c71f2a335e3a4fc328: bcrt 1q6r");
  const descriptor = `wpkh(${"x".repeat(100)})`;
  expect(drawFacts([["descriptor", descriptor]])).toBe(`descriptor  ${descriptor}\n`);
  const wide = "\u6f22".repeat(50);
  expect(drawFacts([["memo", wide]])).toBe(`memo\n    ${wide.slice(0, 38)}\n    ${wide.slice(38)}\n`);
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
  const descriptor = `wpkh(${"x".repeat(120)})`;
  const lines = drawFacts([
    ["long", words],
    ["whole", descriptor],
  ]).split("\n");
  const others = lines.filter((line) => !line.includes(descriptor));
  expect(Math.max(...others.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines[1]).toMatch(/^ {7}word/);
  expect(lines).toContain(`whole  ${descriptor}`);
});

test("F22: an address is shown whole, in groups of four", () => {
  expect(grouped("bcrt1qw508d6q")).toBe("bcrt 1qw5 08d6 q");
  expect(grouped("abcd")).toBe("abcd");
  expect(grouped("")).toBe("");
});

test("a table without rows says so to a person", () => {
  expect(drawTable(COLUMNS, [], TERMINAL)).toBe("ID  AMOUNT  STATE\n(none)\n");
});

test("one long cell at the end of a row goes below in that row alone; most of them long, all do", () => {
  const columns = [{ head: "A" }, { head: "EVENT" }];
  const long = `${"e".repeat(40)} ${"e".repeat(40)}`;
  const few = [
    ["1", "x"],
    ["2", "y"],
    ["3", long],
  ];
  expect(drawTable(columns, few, TERMINAL)).toBe(
    `A  EVENT\n1  x\n2  y\n3\n  ${"e".repeat(40)}\n  ${"e".repeat(40)}\n`,
  );
  expect(
    drawTable(
      columns,
      [
        ["1", "x"],
        ["2", long],
        ["3", long],
      ],
      TERMINAL,
    ),
  ).toContain("1\n  x\n");
});

test("columns that fit with one space between them stand beside each other", () => {
  expect(drawTable([{ head: "A" }, { head: "B" }], [["a".repeat(40), "b".repeat(39)]], TERMINAL)).toContain(
    `${"a".repeat(40)} ${"b".repeat(39)}\n`,
  );
});

test("a command below a fact is folded as a shell reads it, its remark apart", () => {
  const command = `custody withdraw export ${"0".repeat(32)} --out request.json   (afresh)`;
  expect(
    drawFacts([
      ["refused at the gate", "no"],
      ["", command],
    ])
      .split("\n")
      .slice(1, 4),
  ).toEqual([
    `                     custody withdraw export ${"0".repeat(32)} \\`,
    "                     --out request.json",
    "                     (afresh)",
  ]);
});
