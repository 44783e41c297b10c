import { describe, expect, test } from "vitest";
import { EXIT, declareError, type ExitName } from "../../../src/core/errors.ts";
import { EXIT_MEANINGS, asCustodyError, printError, printOutcome } from "../../../src/terminal/envelope.ts";
import { fakeIo } from "../../factory/io.ts";

const DENIED = declareError("TEST_ENVELOPE_DENIED", "denied", "Declared by this test.");

describe("outcomes", () => {
  test("--json: one document on stdout, warnings inside and on stderr", () => {
    const { io, stdout, stderr } = fakeIo();
    const exit = printOutcome(io, true, {
      data: { id: "a1" },
      text: "made a1",
      next: "custody status",
      warnings: ["thin"],
    });
    expect(exit).toBe(0);
    expect(stdout()).toBe('{"schemaVersion":1,"ok":true,"data":{"id":"a1"},"warnings":["thin"]}\n');
    expect(stderr()).toBe("warning: thin\nNext: custody status\n");
  });

  test("text: the result alone on stdout, the next command on stderr", () => {
    const { io, stdout, stderr } = fakeIo();
    expect(printOutcome(io, false, { data: {}, text: "made a1", next: "custody status" })).toBe(0);
    expect(stdout()).toBe("made a1\n");
    expect(stderr()).toBe("Next: custody status\n");
  });

  test("nothing to say is no empty line", () => {
    const { io, stdout } = fakeIo();
    printOutcome(io, false, { data: {}, text: "" });
    expect(stdout()).toBe("");
  });

  test("a no after work done: the data and the error, and the error's exit code", () => {
    const { io, stdout } = fakeIo();
    const failure = DENIED("the signer refused");
    expect(printOutcome(io, true, { data: { gate: "G4" }, text: "", failure })).toBe(4);
    expect(JSON.parse(stdout())).toMatchObject({
      ok: false,
      data: { gate: "G4" },
      error: { code: "TEST_ENVELOPE_DENIED", message: "the signer refused" },
    });
  });
});

describe("errors", () => {
  const error = DENIED("row small does not allow wallet cellar", {
    field: "--wallet",
    hint: "custody policy show",
    details: { wallet: "cellar" },
  });

  test("text: what, which field, the code, one hint, all on stderr", () => {
    const { io, stdout, stderr } = fakeIo();
    expect(printError(io, false, error)).toBe(4);
    expect(stdout()).toBe("");
    expect(stderr()).toBe(
      "error: row small does not allow wallet cellar\n  field: --wallet\n  code: TEST_ENVELOPE_DENIED\nhint: custody policy show\n",
    );
  });

  test("--json: one document on stdout and nothing on stderr", () => {
    const { io, stdout, stderr } = fakeIo();
    expect(printError(io, true, error)).toBe(4);
    expect(JSON.parse(stdout())).toEqual({
      schemaVersion: 1,
      ok: false,
      error: {
        code: "TEST_ENVELOPE_DENIED",
        message: "row small does not allow wallet cellar",
        field: "--wallet",
        hint: "custody policy show",
        details: { wallet: "cellar" },
      },
    });
    expect(stderr()).toBe("");
  });

  test("T5: neither form lets what a stranger wrote reach the terminal raw", () => {
    const hostile = DENIED("memo \u009b2K\u202e", { field: "\u001b[2J", hint: "\u2066" });
    for (const json of [true, false]) {
      const { io, stdout, stderr } = fakeIo();
      printError(io, json, hostile);
      printOutcome(io, json, { data: { memo: "\u009b" }, text: "", warnings: ["\u202e"], next: "\u009b" });
      expect(stdout() + stderr()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
      if (json)
        expect(JSON.parse(stdout().split("\n")[0] as string)).toMatchObject({
          error: { message: hostile.message },
        });
    }
  });

  test.each<[string, ExitName, string]>([
    ["ENOSPC", "local", "FILE_UNUSABLE"],
    ["EDQUOT", "local", "FILE_UNUSABLE"],
    ["EACCES", "local", "FILE_UNUSABLE"],
    ["EROFS", "local", "FILE_UNUSABLE"],
    ["EIO", "local", "FILE_UNUSABLE"],
    ["EMFILE", "local", "FILE_UNUSABLE"],
    ["ENAMETOOLONG", "local", "FILE_UNUSABLE"],
    ["ENOENT", "notFound", "FILE_MISSING"],
    ["EWHATEVER", "bug", "BUG"],
  ])("a raw %s of the operating system is %s", (code, exit, expected) => {
    const raw = Object.assign(new Error(`${code}: write`), { code, path: "/home/x" });
    expect(asCustodyError(raw)).toMatchObject({ code: expected, exit });
  });

  test.each<[string, unknown]>([
    ["an Error", new TypeError("x is not a function")],
    ["text", "oops"],
    ["nothing", undefined],
    ["null", null],
    ["a number", 7],
  ])("%s that was thrown is a bug: exit 1, no stack, unless asked for", (_name, thrown) => {
    const { io, stderr } = fakeIo();
    expect(printError(io, false, thrown)).toBe(1);
    expect(stderr()).toMatch(/^error: this is a bug: /);
    expect(stderr()).not.toMatch(/\n\s+at /);
  });

  test("CUSTODY_DEBUG=1 adds the stack", () => {
    const { io, stderr } = fakeIo({ env: { CUSTODY_DEBUG: "1" } });
    printError(io, false, new TypeError("x"));
    expect(stderr()).toMatch(/\n\s+at /);
  });
});

test("every exit code has a meaning", () => {
  expect(Object.keys(EXIT_MEANINGS)).toEqual(Object.keys(EXIT));
});
