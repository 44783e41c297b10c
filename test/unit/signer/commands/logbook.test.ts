import { describe, expect, test } from "vitest";
import { askLogbook } from "../../../../signer/commands/logbook.ts";
import type { Call } from "../../../../src/terminal/command.ts";
import { fakeIo } from "../../../factory/io.ts";
import { codeOfAsync } from "../../../factory/thrown.ts";

const HEAD = "95c6949847d7e6e0fe71d9a636c3123ee865f0064510caa01683c1f21a9a6ac9";

function asked(typed: readonly string[], flags: Readonly<Record<string, string>> = {}) {
  const fake = fakeIo({ typed: typed.map((line) => `${line}\r`), tty: { stdin: true, stderr: true } });
  return { head: () => askLogbook({ io: fake.io, flags } as unknown as Call), said: fake.stderr };
}

describe("the last line of the logbook", () => {
  test("is typed in groups, and in capitals", async () => {
    expect(await asked([HEAD.toUpperCase().replace(/(.{4})/g, "$1 ")]).head()).toBe(HEAD);
  });

  test("with a digit too few is asked for again: a slip does not end a signing", async () => {
    const { head, said } = asked([HEAD.slice(1), HEAD]);
    expect(await head()).toBe(HEAD);
    expect(said()).toContain("no head: 63 characters, not 64");
  });

  test("mistyped three times ends it; what a script gives has one try", async () => {
    expect(await codeOfAsync(asked(["", "x", HEAD.slice(1), HEAD]).head)).toBe("DIGEST_MALFORMED");
    expect(await codeOfAsync(asked([HEAD], { logbook: "x" }).head)).toBe("DIGEST_MALFORMED");
  });
});
