import { beforeEach, describe, expect, test } from "vitest";
import { bbqrFrames, urFrames } from "../../../src/airgap/frames.ts";
import { readQrCodes } from "../../../src/airgap/qr-read.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { FIRST_VIEW, pressed, showFrames } from "../../../src/terminal/qr-screen.ts";
import { fakeIo } from "../../factory/io.ts";
import { noise } from "../../factory/noise.ts";
import { pictureOf } from "../../factory/pictures.ts";
import { codeOfAsync } from "../../factory/thrown.ts";

const bytes = noise(4000);
const file = bbqrFrames(bytes, "B");

type Shown = {
  readonly screens: readonly string[];
  readonly pauses: readonly number[];
  readonly all: string;
};

/** Runs the screen with one entry of `script` each time that it waits: keys, or a window of a new size; then "q". */
async function show(
  script: readonly (string | { columns: number; rows: number })[],
  options: { columns?: number; rows?: number; make?: typeof file } = {},
): Promise<Shown> {
  const window = { columns: options.columns ?? 120, rows: options.rows ?? 60 };
  const { io } = fakeIo({ tty: { stdin: true, stdout: true } });
  const screens: string[] = [];
  const pauses: number[] = [];
  const steps = [...script, "q"];
  let type: (chunk: string) => void = () => undefined;
  const running: Io = {
    ...io,
    stdin: {
      ...io.stdin,
      listen: (onData) => {
        type = onData;
        return () => undefined;
      },
    },
    stdout: {
      isTTY: true,
      get columns() {
        return window.columns;
      },
      get rows() {
        return window.rows;
      },
      write: (text) => void screens.push(String(text)),
    },
    sleep: async (milliseconds) => {
      pauses.push(milliseconds);
      const step = steps.shift();
      if (typeof step === "object") Object.assign(window, step);
      else if (step !== undefined && step !== "") type(step);
    },
  };
  await showFrames(running, options.make ?? file);
  return { screens: screens.slice(1, -1), pauses, all: screens.join("") };
}

const lines = (screen: string) => screen.replace("\u001b[H", "").split("\r\n");
/** The text of the code that a screen shows. */
async function read(screen: string): Promise<string | undefined> {
  const rows = lines(screen)
    .filter((line) => line.startsWith("\u001b[38"))
    .map((line) => [...line.replace(/\u001b\[[0-9;]*[mK]/g, "")]);
  const modules = rows.flatMap((row) => [
    row.map((letter) => letter === "▀" || letter === "█"),
    row.map((letter) => letter === "▄" || letter === "█"),
  ]);
  return (await readQrCodes(pictureOf(modules.slice(0, rows[0]?.length), 3)))[0];
}
const status = (screen: string) => lines(screen).at(-2)?.replace("\u001b[K", "");

/** What a screen says instead of a code. */
const said = (screen: string) => screen.replace(/\u001b\[[0-9;]*[HKJ]/g, "").replaceAll("\r\n", " ");

describe("frames in a terminal", () => {
  test("each screen is a code that is read, one frame after the other, counted", async () => {
    const { screens } = await show(["", "", "", ""]);
    const texts = await Promise.all(screens.map(read));
    const frames = file(1249);
    expect(frames.count).toBeGreaterThan(4);
    expect(texts).toEqual([0, 1, 2, 3, 4].map((number) => frames.at(number)));
    expect(screens.map((screen) => status(screen)?.split(" ")[0])).toEqual(
      [1, 2, 3, 4, 5].map((number) => `${number}/${frames.count}`),
    );
  });

  test("fits the window in columns and rows, whatever its size", async () => {
    for (const [columns, rows] of [
      [80, 24],
      [40, 60],
      [200, 30],
      [25, 15],
    ] as const) {
      const { screens } = await show([""], { columns, rows, make: bbqrFrames(bytes.slice(0, 300), "B") });
      for (const screen of screens) {
        expect(lines(screen).length).toBeLessThanOrEqual(rows);
        for (const line of lines(screen))
          expect(line.replace(/\u001b\[[0-9;]*[mKJH]/g, "").length).toBeLessThanOrEqual(columns);
        expect(await read(screen)).toMatch(/^B\$/);
      }
    }
  });

  test("says so when the window cannot hold a code, and shows it once it can", async () => {
    const { screens } = await show([{ columns: 80, rows: 24 }], { columns: 24, rows: 24 });
    expect(said(screens[0]!)).toBe(
      "The window is too small for a QR code: it takes 25 columns and 15 rows. Make it larger.",
    );
    expect(await read(screens[1]!)).toMatch(/^B\$/);
  });

  test("says so when the file has too many parts for the window", async () => {
    const { screens } = await show([{ columns: 200, rows: 100 }], {
      columns: 25,
      rows: 15,
      make: bbqrFrames(noise(13_000), "B"),
    });
    expect(said(screens[0]!)).toBe(
      "At this size 1300 parts are more than BBQr can number. Make the window larger.",
    );
    expect(await read(screens[1]!)).toMatch(/^B\$/);
  });

  test("space holds the frame and lets it go", async () => {
    const { screens } = await show(["", " ", "", "", " ", "", ""]);
    const counters = screens.map((screen) => status(screen)?.split("/")[0]);
    expect(counters).toEqual(["1", "2", "2", "2", "2", "2", "3", "4"].slice(0, counters.length));
    expect(status(screens[3]!)).toContain("paused");
  });

  test("the period is what < and > set", async () => {
    const { pauses } = await show([">", ">", "<", "<", "<"]);
    expect(pauses).toEqual([250, 200, 143, 200, 250, 333]);
  });

  test("+ and - change the size of the code, from what the window shows", async () => {
    const { screens } = await show(["-", "-", "+"], { columns: 80, rows: 24 });
    const densities = screens.map((screen) => Number(/density (\d+)/.exec(status(screen) ?? "")?.[1]));
    expect(densities).toEqual([5, 4, 3, 4]);
  });

  test("- goes on from the code that is seen, + from what was wished for, so that neither is stuck", async () => {
    const { screens } = await show(["-", "+", "+", "+"], { make: bbqrFrames(bytes.slice(0, 300), "B") });
    const densities = screens.map((screen) => Number(/density (\d+)/.exec(status(screen) ?? "")?.[1]));
    const [whole = 0, half = 0] = densities;
    expect(half).toBeLessThan(whole);
    expect(densities.at(-1)).toBe(whole);
  });

  test("a density that does not fit says which window it takes", async () => {
    const { screens } = await show(["+"], { columns: 80, rows: 24 });
    expect(status(screens[1]!)).toContain("45 columns and 25 rows for more");
  });

  test("a frame that is all stands still; frames of UR count on", async () => {
    const one = await show(["", ""], { make: bbqrFrames(bytes.slice(0, 20), "B") });
    expect(one.screens.map(status).every((line) => line?.startsWith("1/1 "))).toBe(true);
    expect(one.pauses).toEqual([500, 500, 500]);
    const ur = await show(["", "", "", "", ""], {
      make: urFrames("bytes", Uint8Array.of(0x59, 0x0f, 0xa0, ...bytes)),
      columns: 200,
      rows: 60,
    });
    expect(status(ur.screens.at(-1)!)).toMatch(/^6 shown, \d needed/);
  });

  test("the screen is given back, also after an error", async () => {
    const { all } = await show([]);
    expect(all.startsWith("\u001b[?1049h\u001b[?25l")).toBe(true);
    expect(all.endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
    const fake = fakeIo({ tty: { stdin: true, stdout: true }, typed: [[]] });
    const broken = showFrames(fake.io, () => {
      throw new TypeError("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    expect(fake.stdout().endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
    expect(fake.raw).toEqual([true, false]);
  });

  test("an arrow key is no key of ours", async () => {
    const { screens } = await show(["\u001b[D", "\u001b[+"], { columns: 80, rows: 24 });
    expect(screens.map((screen) => /density (\d+)/.exec(screen)?.[1])).toEqual(["5", "5", "5"]);
  });

  test.each([
    ["a pipe", { stdin: true, stdout: false }, {}],
    ["input that is no keyboard", { stdin: false, stdout: true }, {}],
    ["a dumb terminal", { stdin: true, stdout: true }, { TERM: "dumb" }],
  ])("%s is refused", async (_, tty, env) => {
    expect(await codeOfAsync(() => showFrames(fakeIo({ tty, env }).io, file))).toBe("QR_NO_SCREEN");
  });
});

describe("keys", () => {
  const sizes = { fits: 40, shown: 40 };
  let view = FIRST_VIEW;
  beforeEach(() => {
    view = FIRST_VIEW;
  });
  test.each(["q", "Q", "\u0003", "\u0004"])("%j ends", (key) => {
    expect(pressed(view, key, sizes).ended).toBe(true);
  });
  test("no key goes beyond the ends", () => {
    for (let i = 0; i < 50; i++) view = pressed(pressed(view, "+", sizes), ">", sizes);
    expect(view).toMatchObject({ version: 40, pace: 7 });
    for (let i = 0; i < 50; i++) view = pressed(pressed(view, "-", sizes), "<", sizes);
    expect(view).toMatchObject({ version: 1, pace: 0 });
    expect(pressed(view, "x", sizes)).toBe(view);
  });
});
