import { describe, expect, test } from "vitest";
import { declareError } from "../../../src/core/errors.ts";
import type { Call } from "../../../src/terminal/command.ts";
import {
  countFlag,
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  switchedOn,
} from "../../../src/terminal/command.ts";
import { runProgram } from "../../../src/terminal/program.ts";
import { asksVersion, versionText } from "../../../src/terminal/version.ts";
import { fakeIo, type FakeIoOptions } from "../../factory/io.ts";
import { sampleProgram } from "../../factory/program.ts";
import { codeOf } from "../../factory/thrown.ts";

const FAILS = declareError("TEST_PROGRAM_CONFLICT", "conflict", "Declared by this test.");

async function run(line: string, options: FakeIoOptions = {}) {
  const fake = fakeIo({
    env: { HOME: "/home/x" },
    ...options,
    argv: line.split(" ").filter((part) => part !== ""),
  });
  const calls: Call[] = [];
  const exit = await runProgram(
    sampleProgram((call) => void calls.push(call)),
    fake.io,
  );
  return { exit, calls, stdout: fake.stdout(), stderr: fake.stderr() };
}

describe("a call", () => {
  test("reaches its command with arguments and flags", async () => {
    const { exit, calls, stdout } = await run(
      "withdraw request --amount 0.25 --approval a.json b.json --force",
    );
    expect(exit).toBe(0);
    expect(stdout).toBe("ran\n");
    const [call] = calls as [Call];
    expect(requiredFlag(call.flags, "amount")).toBe("0.25");
    expect(repeatedFlag(call.flags, "approval")).toEqual(["a.json", "b.json"]);
    expect(switchedOn(call.flags, "force")).toBe(true);
    expect(call).toMatchObject({ json: false, dryRun: false, args: [] });
  });

  test("spreads a variadic argument", async () => {
    expect((await run("withdraw import a b c")).calls[0]?.args).toEqual(["a", "b", "c"]);
  });

  test.each(["--json withdraw show a1", "withdraw --json show a1", "withdraw show a1 --json"])(
    "%s answers in JSON",
    async (line) => {
      const { calls, stdout } = await run(line);
      expect(calls[0]?.json).toBe(true);
      expect(JSON.parse(stdout)).toEqual({ schemaVersion: 1, ok: true, data: { ran: true }, warnings: [] });
    },
  );

  test("--dry-run is there on verbs that change state, and on no other", async () => {
    expect((await run("withdraw import a --dry-run")).calls[0]?.dryRun).toBe(true);
    const refused = await run("withdraw show a1 --dry-run");
    expect(refused).toMatchObject({ exit: 2, calls: [] });
    expect(refused.stderr).toContain("unknown option '--dry-run'");
  });

  test("a typed error ends as it says", async () => {
    const fake = fakeIo({ argv: ["status"] });
    const program = sampleProgram(() => {
      throw FAILS("moved");
    });
    expect(await runProgram(program, fake.io)).toBe(6);
    expect(fake.stderr()).toContain("error: moved");
  });
});

describe("exit 2: the command line is wrong, and nothing ran", () => {
  test.each<[string, string, string]>([
    ["an unknown command", "withdra", "Did you mean withdraw?"],
    ["an unknown verb", "withdraw requst", "Did you mean request?"],
    ["an unknown flag", "withdraw request --amount 1 --forc", "Did you mean --force?"],
    ["a missing required flag", "withdraw request", "--amount"],
    ["a flag without its value", "withdraw request --amount", "--amount"],
    ["a missing argument", "withdraw show", "id"],
    ["an argument too many", "withdraw show a b", "too many arguments"],
    ["an unknown help topic", "help fees", "there is no help topic"],
    ["a home without a name", "status --home=", "--home"],
  ])("%s", async (_name, line, said) => {
    const { exit, calls, stdout, stderr } = await run(line);
    expect({ exit, calls, stdout }).toEqual({ exit: 2, calls: [], stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).toContain("hint: ");
  });

  test("in JSON too", async () => {
    const { exit, stdout } = await run("withdra --json");
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: "USAGE", hint: "Did you mean withdraw?" },
    });
  });

  test.each([
    ["", "Usage: sample"],
    ["withdraw", "Usage: sample withdraw"],
  ])("%j alone shows what there is, on stderr", async (line, usage) => {
    const { exit, stdout, stderr } = await run(line);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(usage);
  });
});

describe("help", () => {
  test.each([
    ["--help", "Usage: sample"],
    ["help", "Usage: sample"],
    ["withdraw --help", "request"],
    ["withdraw request --help", "Examples:\n  sample withdraw request --amount 0.25"],
    ["help exit-codes", "  7  a signature, digest or proof does not verify"],
    ["help environment", "SAMPLE_HOME"],
    ["help formats", "RFC 8785"],
  ])("%s goes to stdout and ends well", async (line, said) => {
    const { exit, stdout, stderr } = await run(line);
    expect(exit).toBe(0);
    expect(stdout).toContain(said);
    expect(stderr).toBe("");
  });

  test("a dry run says that nothing was changed, or in its own words what was not done", async () => {
    const dry = async (leftUndone?: string) => {
      const fake = fakeIo({
        env: { HOME: "/home/x" },
        argv: ["withdraw", "import", "a", "--dry-run", "--json"],
      });
      const warnings = ["dry run or not: this is one more"];
      await runProgram(
        sampleProgram(() => ({ data: {}, text: "", warnings, ...(leftUndone && { leftUndone }) })),
        fake.io,
      );
      return (JSON.parse(fake.stdout()) as { warnings: string[] }).warnings.slice(1);
    };
    expect(await dry()).toEqual(["dry run: nothing was changed"]);
    expect(await dry("nothing was signed")).toEqual(["dry run: nothing was signed"]);
  });

  test("help of a changing verb names --dry-run, of another one does not", async () => {
    expect((await run("withdraw import --help")).stdout).toContain("--dry-run");
    expect((await run("withdraw show --help")).stdout).not.toContain("--dry-run");
  });
});

describe("home: flag over environment over the data folder", () => {
  test.each<[string, string, Record<string, string>, string]>([
    ["flag", "status --home here", { SAMPLE_HOME: "/env", HOME: "/home/x" }, "/start/here"],
    ["environment", "status", { SAMPLE_HOME: "/env", HOME: "/home/x" }, "/env"],
    ["XDG", "status", { XDG_DATA_HOME: "/data", HOME: "/home/x" }, "/data/sample-home"],
    ["home folder", "status", { HOME: "/home/x" }, "/home/x/.local/share/sample-home"],
    [
      "empty variables do not count",
      "status",
      { SAMPLE_HOME: "", XDG_DATA_HOME: "", HOME: "/home/x" },
      "/home/x/.local/share/sample-home",
    ],
    [
      "a relative XDG folder does not count",
      "status",
      { XDG_DATA_HOME: "data", HOME: "/home/x" },
      "/home/x/.local/share/sample-home",
    ],
  ])("%s", async (_name, line, env, home) => {
    expect((await run(line, { env, cwd: "/start" })).calls[0]?.home).toBe(home);
  });
});

describe("--version", () => {
  test("answered before anything is loaded, in both forms", () => {
    expect(asksVersion(["--version"])).toBe(true);
    expect(asksVersion(["-V", "--json"])).toBe(true);
    expect(asksVersion(["--version", "status"])).toBe(false);
    expect(asksVersion(["status", "--version"])).toBe(false);
    expect(asksVersion([])).toBe(false);
    expect(versionText("sample", [])).toMatch(/^sample \S+\n$/);
    expect(JSON.parse(versionText("sample", ["--json"]))).toMatchObject({
      ok: true,
      data: { name: "sample", formats: 1 },
    });
  });

  test("anywhere else on the line it still ends well", async () => {
    expect(await run("status --version")).toMatchObject({ exit: 0, calls: [], stderr: "" });
  });
});

describe("flags as commands read them", () => {
  test("a count has a range, and is no float, sign or exponent", () => {
    const range = { min: 1, max: 100, otherwise: 20 };
    expect(countFlag({}, "rows", range)).toBe(20);
    expect(countFlag({ rows: "100" }, "rows", range)).toBe(100);
    for (const rows of ["0", "101", "1.5", "-1", "1e1", "", " 1", "9".repeat(16)]) {
      expect(codeOf(() => countFlag({ rows }, "rows", range))).toBe("FLAG_MALFORMED");
    }
  });

  test("a missing flag is named as it is typed", () => {
    expect(() => requiredFlag({}, "passphraseFile")).toThrow(
      expect.objectContaining({
        code: "FLAG_MISSING",
        field: "--passphrase-file",
        hint: "add --passphrase-file",
      }),
    );
    expect(optionalFlag({ force: true }, "force")).toBeUndefined();
    expect(repeatedFlag({ approval: "a" }, "approval")).toEqual(["a"]);
    expect(repeatedFlag({}, "approval")).toEqual([]);
    expect(switchedOn({ force: "yes" }, "force")).toBe(false);
  });
});
