import { describe, expect, test } from "vitest";
import { EXIT } from "../../../src/core/errors.ts";
import { manPage, referenceMarkdown } from "../../../src/terminal/reference.ts";
import { sampleProgram } from "../../factory/program.ts";

const spec = sampleProgram();

describe("markdown", () => {
  const text = referenceMarkdown(spec);

  test("every command with its call, options and examples", () => {
    expect(text).toContain(
      "### sample withdraw request\n\nask for a payment\n\n```\nsample withdraw request --amount <decimal> [options]\n```",
    );
    expect(text).toContain("| `--amount <decimal>` | how much (required) |");
    expect(text).toContain("Examples:\n\n```\nsample withdraw request --amount 0.25\n```");
    expect(text).toContain("- `<id>`: its id");
    expect(text).toContain("## sample status");
  });

  test("--dry-run stands with verbs that change state alone", () => {
    const part = (from: string, to: string) => text.slice(text.indexOf(from), text.indexOf(to));
    expect(part("### sample withdraw import", "## sample status")).toContain("--dry-run");
    expect(part("### sample withdraw show", "### sample withdraw import")).not.toContain("--dry-run");
  });

  test("descriptions are text, not markup", () => {
    expect(text).toContain('it\'s -- "forced" \\[really\\]');
  });

  test("all exit codes", () => {
    for (const code of Object.values(EXIT)) expect(text).toContain(`| ${code} | `);
  });
});

describe("man page", () => {
  const page = manPage(spec, "0.1.0");

  test("names, commands, options, exit codes", () => {
    expect(page).toMatch(
      /^\.TH "SAMPLE" 1 "" "sample 0\.1\.0"\n\.SH NAME\nsample \\- A program for tests\.\n/,
    );
    expect(page).toContain(".B sample withdraw request \\-\\-amount <decimal> [options]");
    expect(page).toContain(".SH EXIT STATUS");
  });

  test("text can be no request and no escape", () => {
    const hostile = manPage({ ...spec, about: ".so /etc/passwd", homeVariable: "'X\\fB" }, "1");
    expect(hostile).not.toMatch(/^\.so/m);
    expect(hostile).toContain(".B \\&'X\\efB");
    expect(
      manPage(
        {
          ...spec,
          commands: [{ name: "a", about: "'tis", load: () => Promise.reject(new Error("not called")) }],
        },
        "1",
      ),
    ).toContain("\n\\&'tis\n");
  });

  test("every control line is one of man(7)'s", () => {
    const controls = page.split("\n").filter((line) => /^[.']/.test(line));
    expect(controls.filter((line) => !/^\.(TH|SH|TP|B|RS|RE)( |$)/.test(line))).toEqual([]);
    expect(controls.filter((line) => line === ".RS")).toHaveLength(
      controls.filter((line) => line === ".RE").length,
    );
  });
});
