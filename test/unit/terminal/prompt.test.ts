import { describe, expect, test } from "vitest";
import { ask, askSecret, confirm, retype } from "../../../src/terminal/prompt.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOfAsync } from "../../factory/thrown.ts";

const person = (...typed: (string | string[])[]) => fakeIo({ tty: { stdin: true }, typed });

test("`echo y |` never approves: without a terminal nothing is asked", async () => {
  const piped = fakeIo({ typed: ["y\r"] });
  for (const question of [
    () => ask(piped.io, "Name?", "--name"),
    () => askSecret(piped.io, "Passphrase:", "--passphrase-file"),
    () => confirm(piped.io, "Send?", "--yes"),
    () => retype(piped.io, "Amount:", "1", "--confirm"),
  ]) {
    expect(await codeOfAsync(question)).toBe("ANSWER_MISSING");
  }
  await expect(confirm(piped.io, "Send?", "--yes")).rejects.toMatchObject({
    field: "--yes",
    hint: "add --yes",
    exit: "usage",
  });
  expect(piped.stderr()).toBe("");
});

test("the question and what is typed go to stderr, and raw mode ends with the answer", async () => {
  const { io, stdout, stderr, raw } = person("alice\r");
  expect(await ask(io, "Name?", "--name")).toBe("alice");
  expect(stderr()).toBe("Name? alice\n");
  expect(stdout()).toBe("");
  expect(raw).toEqual([true, false]);
});

describe("a question that is longer than a line", () => {
  const LONG =
    "The rate is 3.5 times that of the other sources; does wallet vault spend at 412 sat/vB today? Type the rate:";

  test.each([40, 60, 80])(
    "of %i columns is folded at its spaces, and the answer stands behind it",
    async (columns) => {
      const { io, stderr } = fakeIo({ tty: { stdin: true }, columns, typed: ["412\r"] });
      expect(await ask(io, LONG, "--confirm")).toBe("412");
      const lines = stderr().trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.join(" ")).toBe(`${LONG} 412`);
      for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThan(columns);
    },
  );

  test("its own ends of lines stay, and a secret's question is folded too", async () => {
    const { io, stderr } = fakeIo({ tty: { stdin: true }, columns: 60, typed: ["x\r"] });
    await askSecret(io, `First line.\n${LONG}`, "--passphrase-file");
    const [first, ...others] = stderr().trimEnd().split("\n");
    expect(first).toBe("First line.");
    expect(others.length).toBeGreaterThan(1);
    expect(others.join(" ").trimEnd()).toBe(LONG);
    expect(stderr().endsWith(`${LONG.slice(-10)} \n`)).toBe(true);
  });

  test("one that has just room for it beside the cursor is left in one piece", async () => {
    const question = "x".repeat(19) + " " + "y".repeat(39);
    const exact = fakeIo({ tty: { stdin: true }, columns: 60, typed: ["1\r"] });
    await ask(exact.io, question, "--confirm");
    expect(exact.stderr()).toBe(`${question} 1\n`);
    const narrow = fakeIo({ tty: { stdin: true }, columns: 59, typed: ["1\r"] });
    await ask(narrow.io, question, "--confirm");
    expect(narrow.stderr()).toBe(`${question.replace(" ", "\n")} 1\n`);
  });
});

test("a secret is not shown, not even its length", async () => {
  const { io, stdout, stderr } = person("cörrect horse\r");
  expect(await askSecret(io, "Passphrase:", "--passphrase-file")).toBe("cörrect horse");
  expect(stderr()).toBe("Passphrase: \n");
  expect(stdout()).toBe("");
});

describe("cancelling is never an answer", () => {
  test.each<[string, (string | string[])[]]>([
    ["Ctrl-C", ["\u0003"]],
    ["Ctrl-C after half an answer", ["ye\u0003"]],
    ["Ctrl-D at once", ["\u0004"]],
    ["end of input", []],
  ])("%s", async (_name, typed) => {
    const { io, raw } = person(...typed);
    expect(await codeOfAsync(() => confirm(io, "Send?", "--yes"))).toBe("CANCELLED");
    expect(raw.at(-1)).toBe(false);
  });
});

describe("editing", () => {
  test.each<[string, string | string[], string]>([
    ["backspace", "alicr\u007fe\r", "alice"],
    ["backspace as ^H", "x\b\balice\r", "alice"],
    ["backspace over one emoji", "a😀\u007fb\r", "ab"],
    ["one key at a time", ["a", "l", "i", "c", "e", "\n"], "alice"],
    ["arrow keys are no letters", "al\u001b[Di\u001b[3~ce\u001bOA\r", "alice"],
    ["an arrow key in two chunks", ["al\u001b", "[Dice\r"], "alice"],
    ["bracketed paste", "\u001b[200~alice\u001b[201~\r", "alice"],
    ["other control keys", "a\u0001l\tice\r", "alice"],
    ["Ctrl-D in the middle", "ali\u0004ce\r", "alice"],
    ["spaces around", "  alice \r", "alice"],
    ["what follows the line is not the next answer", "alice\rbob\r", "alice"],
  ])("%s", async (_name, typed, expected) => {
    const { io } = person(typed);
    expect(await ask(io, "Name?", "--name")).toBe(expected);
  });

  test("T5: what is pasted cannot move the cursor, and is taken off again whole", async () => {
    const { io, stderr } = person("a\u202e\u007f\r");
    expect(await ask(io, "Name?", "--name")).toBe("a");
    expect(stderr()).toBe(`Name? a⟨U+202E⟩${"\b \b".repeat(8)}\n`);
  });

  test("an answer has a limit", async () => {
    const { io } = person(`${"x".repeat(5000)}\r`);
    expect(await ask(io, "Name?", "--name")).toHaveLength(1024);
  });
});

test.each([
  ["y\r", true],
  ["YES\r", true],
  ["n\r", false],
  ["\r", false],
  ["yy\r", false],
  ["yes please\r", false],
])("confirm: %j is %s", async (typed, expected) => {
  const { io, stderr } = person(typed);
  expect(await confirm(io, "Send?", "--yes")).toBe(expected);
  expect(stderr()).toContain("Send? [y/N] ");
});

test("what is retyped must match, spaces and case aside", async () => {
  const right = person("  Zoo  ABANDON\r");
  await expect(retype(right.io, "Words:", "zoo abandon", "--confirm")).resolves.toBeUndefined();
  for (const typed of ["0.25", "0.25000000"]) {
    await expect(
      retype(person(`${typed}\r`).io, "Amount:", "0.25000000", "--confirm"),
    ).resolves.toBeUndefined();
  }
  await expect(retype(person("1\r").io, "Amount:", "1.00000000", "--confirm")).resolves.toBeUndefined();
  for (const typed of ["0.026", "0.250000001", "25", "2.5"]) {
    const off = () => retype(person(`${typed}\r`).io, "Amount:", "0.25000000", "--confirm");
    expect(await codeOfAsync(off)).toBe("RETYPED_WRONG");
  }
  const wrong = person("zoo abandom\r");
  expect(await codeOfAsync(() => retype(wrong.io, "Words:", "zoo abandon", "--confirm"))).toBe(
    "RETYPED_WRONG",
  );
});
