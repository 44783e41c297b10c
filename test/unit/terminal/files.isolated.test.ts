import { execFileSync } from "node:child_process";
import type * as FileSystem from "node:fs";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { utf8 } from "../../../src/core/hex.ts";
import { readInput, writeFileDurably, writeOutput } from "../../../src/terminal/files.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOf, codeOfAsync } from "../../factory/thrown.ts";

const broken = vi.hoisted(() => ({
  link: undefined as string | undefined,
  write: undefined as string | undefined,
}));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof FileSystem>();
  const fail = (code: string) => {
    throw Object.assign(new Error(code), { code });
  };
  return {
    ...fs,
    linkSync: (...args: Parameters<typeof fs.linkSync>) =>
      broken.link ? fail(broken.link) : fs.linkSync(...args),
    writeSync: (...args: Parameters<typeof fs.writeSync>) =>
      broken.write ? fail(broken.write) : fs.writeSync(...args),
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => {
  broken.link = broken.write = undefined;
  rmSync(folder, { recursive: true, force: true });
});
const at = () => fakeIo({ cwd: folder }).io;

describe("reading", () => {
  test("a file's bytes, by a path relative to the working folder", async () => {
    writeFileSync(join(folder, "a.json"), "hello");
    expect(await readInput(at(), "a.json", 5)).toEqual(utf8("hello"));
    expect(await readInput(at(), join(folder, "a.json"), 5)).toEqual(utf8("hello"));
  });

  test("one byte above the limit is refused, from a file and from stdin", async () => {
    writeFileSync(join(folder, "a.json"), "hello");
    expect(await codeOfAsync(() => readInput(at(), "a.json", 4))).toBe("FILE_TOO_LARGE");
    const piped = fakeIo({ input: utf8("hello") }).io;
    expect(await codeOfAsync(() => readInput(piped, "-", 4))).toBe("FILE_TOO_LARGE");
    expect(await readInput(piped, "-", 5)).toEqual(utf8("hello"));
  });

  test("missing, a folder, behind a file", async () => {
    writeFileSync(join(folder, "a"), "");
    expect(await codeOfAsync(() => readInput(at(), "none", 9))).toBe("FILE_MISSING");
    expect(await codeOfAsync(() => readInput(at(), ".", 9999))).toBe("FILE_UNUSABLE");
    expect(await codeOfAsync(() => readInput(at(), "a/b", 9))).toBe("FILE_UNUSABLE");
    await expect(readInput(at(), "none", 9, "--in")).rejects.toMatchObject({ field: "--in" });
  });

  test("a pipe that a shell offers as a file has no size, and is read to its end", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    execFileSync("sh", ["-c", `(printf 0123456789 > "${pipe}") >/dev/null 2>&1 &`]);
    expect(await readInput(at(), pipe, 10)).toEqual(utf8("0123456789"));
  });

  test("an endless device is refused at the limit", async () => {
    expect(await codeOfAsync(() => readInput(at(), "/dev/zero", 1000))).toBe("FILE_TOO_LARGE");
  });
});

describe("writing", () => {
  test("a new file has mode 0600 and nothing else is left in the folder", () => {
    writeOutput(at(), "out.json", utf8("hello"));
    expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("hello");
    expect(statSync(join(folder, "out.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["out.json"]);
  });

  test("never over a file, a folder or a dangling link, unless forced", () => {
    writeFileSync(join(folder, "out.json"), "old", { mode: 0o644 });
    expect(codeOf(() => writeOutput(at(), "out.json", utf8("new")))).toBe("FILE_EXISTS");
    expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("old");
    writeOutput(at(), "out.json", utf8("new"), { force: true });
    expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("new");
    expect(statSync(join(folder, "out.json")).mode & 0o777).toBe(0o600);

    symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
    expect(codeOf(() => writeOutput(at(), "link", utf8("new")))).toBe("FILE_EXISTS");
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
    mkdirSync(join(folder, "dir"));
    expect(codeOf(() => writeOutput(at(), "dir", utf8("new")))).toBe("FILE_EXISTS");
    expect(readdirSync(folder).sort()).toEqual(["dir", "link", "out.json"]);
  });

  test("forced over a link, the link goes and what it pointed to stays", () => {
    writeFileSync(join(folder, "target"), "keep");
    symlinkSync(join(folder, "target"), join(folder, "link"));
    writeOutput(at(), "link", utf8("new"), { force: true });
    expect(readFileSync(join(folder, "target"), "utf8")).toBe("keep");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(false);
  });

  test("a folder that is missing is named", () => {
    expect(codeOf(() => writeOutput(at(), "no/out.json", utf8("x")))).toBe("FILE_MISSING");
    expect(() => writeOutput(at(), "no/out.json", utf8("x"))).toThrow(/folder .*\/no does not exist/);
  });

  test.each(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])(
    "a stick without hard links (%s) is written to, and never over",
    (code) => {
      broken.link = code;
      writeOutput(at(), "out.json", utf8("hello"));
      expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("hello");
      expect(codeOf(() => writeOutput(at(), "out.json", utf8("other")))).toBe("FILE_EXISTS");
      symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
      expect(codeOf(() => writeOutput(at(), "link", utf8("x")))).toBe("FILE_EXISTS");
      expect(readdirSync(folder).sort()).toEqual(["link", "out.json"]);
    },
  );

  test("a full disk leaves the old file and no half of the new one", () => {
    writeFileSync(join(folder, "out.json"), "old");
    broken.write = "ENOSPC";
    const write = () => writeFileDurably(join(folder, "out.json"), utf8("new"), true, Uint8Array.of(1));
    expect(codeOf(write)).toBe("FILE_UNUSABLE");
    expect(write).toThrow(
      expect.objectContaining({ exit: "local", hint: expect.stringContaining("room on the disk") }),
    );
    expect(readFileSync(join(folder, "out.json"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["out.json"]);
  });

  test("`-` is stdout, but never a terminal", () => {
    const piped = fakeIo();
    writeOutput(piped.io, "-", Uint8Array.of(0xff, 0));
    expect(piped.stdoutBytes()).toEqual(Uint8Array.of(0xff, 0));
    const terminal = fakeIo({ tty: { stdout: true } });
    expect(codeOf(() => writeOutput(terminal.io, "-", utf8("x")))).toBe("BINARY_TO_TERMINAL");
    expect(terminal.stdout()).toBe("");
  });
});
