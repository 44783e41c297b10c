import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { SHELLS, completionScript, parseShell } from "../../../src/terminal/completion.ts";
import { sampleProgram } from "../../factory/program.ts";
import { codeOf } from "../../factory/thrown.ts";

const spec = sampleProgram();
const bash = completionScript(spec, "bash");

/** What bash offers after `line`, whose last word is the one under the cursor. */
function offered(line: string): string[] {
  const words = line.split(" ");
  const script = `${bash}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_sample
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "");
}

describe("bash", () => {
  test("accepts the script", () => {
    expect(() => execFileSync("bash", ["-n"], { input: bash })).not.toThrow();
  });

  test.each<[string, string[]]>([
    ["sample ", ["withdraw", "status", "help", "--json", "--home", "--no-color"]],
    ["sample wi", ["withdraw"]],
    ["sample withdraw ", ["request", "show", "import", "--json", "--home", "--no-color"]],
    ["sample withdraw re", ["request"]],
    ["sample withdraw request --a", ["--amount", "--approval"]],
    ["sample withdraw request --amount 0.25 --dry", ["--dry-run"]],
    ["sample withdraw show --dry", []],
    ["sample --home there withdraw s", ["show"]],
    ["sample status --j", ["--json"]],
    ["sample help e", ["exit-codes", "environment"]],
    ["sample nothing-we-know wi", ["withdraw"]],
  ])("%j offers %j", (line, words) => {
    expect(offered(line)).toEqual(words);
  });
});

test.each(SHELLS)("%s: every noun, verb and flag is in the script", (shell) => {
  const script = completionScript(spec, shell);
  for (const word of [
    "withdraw",
    "request",
    "show",
    "import",
    "status",
    "amount",
    "approval",
    "force",
    "dry-run",
    "json",
  ]) {
    expect(script).toContain(word);
  }
  expect(parseShell(shell)).toBe(shell);
});

test("zsh and fish: a description cannot break out of its quotes", () => {
  expect(completionScript(spec, "zsh")).toContain(`'--force:it'\\''s -- "forced" [really]'`);
  expect(completionScript(spec, "fish")).toContain(`-l force -d 'it\\'s -- "forced" [really]'`);
  expect(() => execFileSync("bash", ["-n"], { input: completionScript(spec, "zsh") })).not.toThrow();
});

test("a program with a dash in its name has a function of a legal name", () => {
  const script = completionScript({ ...spec, name: "custody-signer" }, "bash");
  expect(script).toContain("complete -o default -F _custody_signer custody-signer");
  expect(() => execFileSync("bash", ["-n"], { input: script })).not.toThrow();
});

test("another shell is refused", () => {
  expect(codeOf(() => parseShell("powershell"))).toBe("SHELL_UNKNOWN");
});
