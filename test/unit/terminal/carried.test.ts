/** A document out by codes and in again, as commands do it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bbqrFrames, firstFrames } from "../../../src/airgap/frames.ts";
import { documentBytes } from "../../../src/core/document.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { assertCarriable, carry } from "../../../src/terminal/carry.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import type { Call } from "../../../src/terminal/command.ts";
import { goodRequest, makeCustody } from "../../factory/custody.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOf, codeOfAsync } from "../../factory/thrown.ts";

const request = goodRequest(makeCustody());
const bytes = documentBytes(request);
const about = { type: "custody-request", title: "Request", digest: request.digest } as const;

function called(flags: Call["flags"], more: Partial<Call> = {}): Call {
  return { io: fakeIo().io, flags, json: false, dryRun: false, ...more } as Call;
}
const read = (path: string, max = LIMITS.documentBytesMax) => readCarried(fakeIo().io, path, max);

describe("a document across by codes", () => {
  test.each(["ur", "bbqr"])("%s: a folder of pictures is the same document again", async (way) => {
    const frames = join(temporaryFolder("carried"), "frames");
    const files = await carry(called({ [way]: true, frames }), bytes, about);
    expect(files.length).toBeGreaterThan(1);
    expect(await read(frames)).toEqual(bytes);
    expect(await codeOfAsync(() => read(frames, bytes.length - 1))).toBe("FILE_TOO_LARGE");
  });

  test("lines in a file, one picture, and what is no frame", async () => {
    const folder = temporaryFolder("carried");
    const place = (name: string, content: Uint8Array | string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const lines = firstFrames(bbqrFrames(bytes, "J")(400)).join("\n");
    expect(await read(place("lines.txt", lines))).toEqual(bytes);
    const frames = join(folder, "one");
    const small = utf8('{"kind":"halt"}');
    await carry(called({ bbqr: true, frames }), small, about);
    const [picture = ""] = readdirSync(frames);
    expect(await read(join(frames, picture))).toEqual(small);
    expect(await read(place("request.json", bytes))).toEqual(bytes);
    expect(await codeOfAsync(() => read(join(folder, "nowhere")))).toBe("FILE_MISSING");
  });

  test("a page to print names what it carries", async () => {
    const sheet = join(temporaryFolder("carried"), "sheet.html");
    expect(await carry(called({ ur: true, sheet }), bytes, about)).toEqual([sheet]);
    expect(readFileSync(sheet, "utf8")).toContain(request.digest);
  });

  test("nothing is drawn when nothing was asked for, in a dry run, or when it is too large", async () => {
    const frames = join(temporaryFolder("carried"), "frames");
    expect(await carry(called({}), bytes, about)).toEqual([]);
    expect(await carry(called({ ur: true, frames }, { dryRun: true }), bytes, about)).toEqual([]);
    const large = new Uint8Array(LIMITS.carriedBytesMax + 1);
    expect(await codeOfAsync(() => carry(called({ ur: true, frames }), large, about))).toBe(
      "CARRY_TOO_LARGE",
    );
  });

  test("what could not be written is found out before anything is signed", async () => {
    const folder = temporaryFolder("carried");
    const [frames, sheet] = [join(folder, "frames"), join(folder, "sheet.html")];
    const asked = (flags: Call["flags"]) => codeOf(() => assertCarriable(called({ bbqr: true, ...flags })));
    expect(asked({ frames, sheet })).toBe("none");
    await carry(called({ bbqr: true, frames, sheet }), bytes, about);
    expect(asked({ frames })).toBe("FILE_EXISTS");
    expect(asked({ sheet })).toBe("FILE_EXISTS");
    expect(asked({ sheet, force: true })).toBe("none");
    expect(asked({ frames: sheet })).toBe("FILE_UNUSABLE");
  });

  test("flags that do not go together are found out at once", () => {
    expect(codeOf(() => assertCarriable(called({ ur: true, frames: "f" })))).toBe("none");
    expect(codeOf(() => assertCarriable(called({})))).toBe("none");
    expect(codeOf(() => assertCarriable(called({ ur: true, bbqr: true, frames: "f" })))).toBe("USAGE");
    expect(codeOf(() => assertCarriable(called({ sheet: "s" })))).toBe("USAGE");
    expect(codeOf(() => assertCarriable(called({ ur: true })))).toBe("USAGE");
  });
});
