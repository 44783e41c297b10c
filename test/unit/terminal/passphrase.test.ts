import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { PASSPHRASE_WRONG, SEALED_MALFORMED } from "../../../src/core/sealed.ts";
import { askNewPassphrase, askPassphrase, openWithPassphrase } from "../../../src/terminal/passphrase.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOfAsync } from "../../factory/thrown.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "passphrase-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (content: string | Uint8Array) => {
  const path = join(folder, "passphrase.txt");
  writeFileSync(path, content);
  return path;
};
const person = (...typed: string[]) => fakeIo({ tty: { stdin: true }, typed }).io;
const fromFile = (content: string | Uint8Array) =>
  askPassphrase(fakeIo().io, { passphraseFile: file(content) }, "alice.key");

describe("from a file: its first line", () => {
  test.each<[string, string, string]>([
    ["without newline", "correct horse", "correct horse"],
    ["with newline", "correct horse\n", "correct horse"],
    ["with CRLF and more lines", "correct horse\r\nsecond\n", "correct horse"],
    ["spaces belong to it", " correct horse ", " correct horse "],
    ["byte order mark of an editor", "\ufeffcorrect horse\n", "correct horse"],
  ])("%s", async (_name, content, expected) => {
    expect(await fromFile(content)).toEqual(utf8(expected));
  });

  test("BIP-39's NFKD: the same keys on two systems are the same bytes", async () => {
    expect(await fromFile("\u00e9")).toEqual(await fromFile("e\u0301"));
    expect(await fromFile("\u00e9")).toEqual(utf8("e\u0301"));
  });

  test.each<[string, string | Uint8Array, string]>([
    ["empty", "", "PASSPHRASE_UNUSABLE"],
    ["an empty first line", "\nsecret", "PASSPHRASE_UNUSABLE"],
    ["not UTF-8: two files must not open one seal", Uint8Array.of(0xff, 0xfe, 0x61), "PASSPHRASE_UNUSABLE"],
    ["above the limit", "x".repeat(1025), "FILE_TOO_LARGE"],
    ["longer than the limit once normalised", "\ufdfa".repeat(300), "PASSPHRASE_UNUSABLE"],
  ])("%s", async (_name, content, code) => {
    expect(await codeOfAsync(() => fromFile(content))).toBe(code);
  });

  test("a missing file is named by its flag", async () => {
    const missing = askPassphrase(fakeIo().io, { passphraseFile: join(folder, "none") }, "alice.key");
    await expect(missing).rejects.toMatchObject({ code: "FILE_MISSING", field: "--passphrase-file" });
  });
});

describe("from a file descriptor", () => {
  test("its first line", async () => {
    const handle = openSync(file("correct horse\n"), "r");
    expect(await askPassphrase(fakeIo().io, { passphraseFd: String(handle) }, "alice.key")).toEqual(
      utf8("correct horse"),
    );
    closeSync(handle);
  });

  test("an endless one is refused at the limit", async () => {
    const handle = openSync("/dev/zero", "r");
    expect(await codeOfAsync(() => askPassphrase(fakeIo().io, { passphraseFd: String(handle) }, "x"))).toBe(
      "PASSPHRASE_UNUSABLE",
    );
    closeSync(handle);
  });

  test.each(["", "-1", "x", "9999", "1e1"])("%j is none", async (passphraseFd) => {
    expect(await codeOfAsync(() => askPassphrase(fakeIo().io, { passphraseFd }, "x"))).toBe(
      "PASSPHRASE_UNUSABLE",
    );
  });
});

describe("from a person", () => {
  test("typed once for an existing file, and never echoed", async () => {
    const { io, stderr } = fakeIo({ tty: { stdin: true }, typed: ["short\r"] });
    expect(await askPassphrase(io, {}, "alice.key")).toEqual(utf8("short"));
    expect(stderr()).toBe("Passphrase for alice.key: \n");
  });

  test("typed twice for a new one", async () => {
    expect(await askNewPassphrase(person("correct horse\r", "correct horse\r"), {}, "x")).toEqual(
      utf8("correct horse"),
    );
    const slip = ["correct horse\r", "correct house\r"];
    const right = ["correct horse\r", "correct horse\r"];
    expect(await askNewPassphrase(person(...slip, ...slip, ...right), {}, "x")).toEqual(
      utf8("correct horse"),
    );
    expect(await codeOfAsync(() => askNewPassphrase(person(...slip, ...slip, ...slip), {}, "x"))).toBe(
      "PASSPHRASE_UNUSABLE",
    );
    expect(await codeOfAsync(() => askNewPassphrase(person("correct horse\r"), {}, "x"))).toBe("CANCELLED");
  });

  test("a new one has at least eight characters", async () => {
    const short = ["1234567\r", "1234567\r", "1234567\r"];
    expect(await codeOfAsync(() => askNewPassphrase(person(...short), {}, "x"))).toBe("PASSPHRASE_UNUSABLE");
    expect(
      await codeOfAsync(() => askNewPassphrase(fakeIo().io, { passphraseFile: file("1234567") }, "x")),
    ).toBe("PASSPHRASE_UNUSABLE");
    expect(await askNewPassphrase(person("12345678\r", "12345678\r"), {}, "x")).toHaveLength(8);
  });

  test("with nobody to ask, the flag is named", async () => {
    await expect(askPassphrase(fakeIo().io, {}, "x")).rejects.toMatchObject({
      code: "ANSWER_MISSING",
      field: "--passphrase-file",
    });
  });
});

describe("opening with a passphrase", () => {
  const open = (right: string) => (passphrase: Uint8Array) => {
    if (Buffer.from(passphrase).toString() === right) return "opened";
    throw PASSPHRASE_WRONG("the passphrase does not open this file");
  };
  const typed = (...lines: string[]) =>
    fakeIo({ typed: lines.map((line) => `${line}\r`), tty: { stdin: true, stderr: true } });

  test("a person has three tries, and is told how many are left", async () => {
    const fake = typed("wrong one", "wrong two", "right one");
    const { opened, passphrase } = await openWithPassphrase(fake.io, {}, "alice.key", open("right one"));
    expect(opened).toBe("opened");
    expect(Buffer.from(passphrase).toString()).toBe("right one");
    expect(fake.stderr()).toContain("2 more tries");
    expect(fake.stderr()).toContain("1 more try");
  });

  test("not a fourth", async () => {
    const fake = typed("wrong", "wrong", "wrong", "right one");
    await expect(openWithPassphrase(fake.io, {}, "alice.key", open("right one"))).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
  });

  test("a script has the one that it gives, and any other error is no wrong try", async () => {
    const flags = { passphraseFile: file("wrong one\n") };
    const fake = typed("right one");
    await expect(openWithPassphrase(fake.io, flags, "alice.key", open("right one"))).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
    const broken = () => {
      throw SEALED_MALFORMED("file is not a sealed file");
    };
    await expect(openWithPassphrase(typed("a", "b").io, {}, "alice.key", broken)).rejects.toMatchObject({
      code: "SEALED_MALFORMED",
    });
  });
});
