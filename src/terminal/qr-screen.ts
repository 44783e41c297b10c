/** Frames that move in a terminal. A person sets how dense and how fast they are, for the reader in front of it. */
import type { FrameMaker, Frames } from "../airgap/frames.ts";
import {
  QR_VERSION_MAX,
  qrCapacity,
  qrMatrix,
  sizeOfVersion,
  versionFor,
  versionOfSize,
} from "../airgap/qr-matrix.ts";
import { CustodyError, declareError } from "../core/errors.ts";
import type { Io } from "./io.ts";
import { blockLines, modulesIn, windowOf } from "./qr-blocks.ts";

export const QR_NO_SCREEN = declareError(
  "QR_NO_SCREEN",
  "usage",
  "Frames cannot be shown: input and output are not both a terminal that can draw.",
);

/** Other screen, no cursor; and back. */
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const TO_LINE_END = "\u001b[K";
const TO_SCREEN_END = "\u001b[J";

/** Milliseconds that a frame stands, slowest first. Coldcard reads one in 250. */
export const PERIODS = [2000, 1000, 500, 333, 250, 200, 143, 100] as const;
/** A window's new size is noticed this soon while nothing moves. */
const STILL_MILLISECONDS = 500;
/** What a telephone reads at arm's length; + goes on from here. */
const VERSION_AT_FIRST = 20;

export type View = {
  readonly frame: number;
  /** Index into PERIODS. */
  readonly pace: number;
  /** The version that is wished for; a small window shows a smaller one. */
  readonly version: number;
  readonly paused: boolean;
  readonly ended: boolean;
};

export const FIRST_VIEW: View = {
  frame: 0,
  pace: 4,
  version: VERSION_AT_FIRST,
  paused: false,
  ended: false,
};

/** Versions: the largest that the window holds, and the one on the screen, which is smaller where the frames are short. */
export type Sizes = { readonly fits: number; readonly shown: number };

/** What a key does. + goes on from what was wished for and - from what is seen, or they would seem to do nothing. */
export function pressed(view: View, key: string, { fits, shown }: Sizes): View {
  switch (key) {
    case " ":
      return { ...view, paused: !view.paused };
    case "+":
    case "=":
      return {
        ...view,
        version: Math.min(QR_VERSION_MAX, Math.max(1, Math.min(view.version, fits)) + 1),
        frame: 0,
      };
    case "-":
      return { ...view, version: Math.max(1, Math.min(view.version, shown) - 1), frame: 0 };
    case ">":
    case ".":
      return { ...view, pace: Math.min(PERIODS.length - 1, view.pace + 1) };
    case "<":
    case ",":
      return { ...view, pace: Math.max(0, view.pace - 1) };
    case "q":
    case "Q":
    case "\u0003": // ctrl-C, which a terminal in raw mode hands over
    case "\u0004":
      return { ...view, ended: true };
    default:
      return view;
  }
}

/**
 * Shows the frames until a person ends it. Another density cuts the message anew: a reader that has begun says that the
 * frames are of another message, and begins again.
 * @throws QR_NO_SCREEN
 */
export async function showFrames(io: Io, make: FrameMaker): Promise<void> {
  if (!io.stdout.isTTY || !io.stdin.isTTY || io.env["TERM"] === "dumb")
    throw QR_NO_SCREEN("frames move on a terminal, and this is none", {
      field: "out",
      hint: "write them as pictures or as a sheet to print",
    });
  let view = FIRST_VIEW;
  let shown = QR_VERSION_MAX;
  let wake = new AbortController();
  const turn = (next: View) => {
    view = next;
    wake.abort();
  };
  const end = () => turn({ ...view, ended: true });
  const stopListening = io.stdin.listen((chunk) => {
    if (chunk.startsWith("\u001b")) return; // an arrow or function key, whose letters are none that was typed
    turn([...chunk].reduce((now, key) => pressed(now, key, { fits: versionIn(io), shown }), view));
  }, end);
  const takeBackStop = io.onStop(end);
  const cut = remembered(make);
  io.stdin.setRawMode(true);
  io.stdout.write(ENTER);
  try {
    while (!view.ended) {
      wake = new AbortController();
      const drawn = draw(io, view, cut);
      if (drawn !== undefined) shown = drawn.version;
      const moves = drawn?.moves === true;
      const period = moves && !view.paused ? (PERIODS[view.pace] as number) : STILL_MILLISECONDS;
      await io.sleep(period, wake.signal);
      if (moves && !view.paused && !wake.signal.aborted) view = { ...view, frame: view.frame + 1 };
    }
  } finally {
    io.stdout.write(LEAVE);
    io.stdin.setRawMode(false);
    takeBackStop();
    stopListening();
  }
}

/** Lines below the picture. */
const STATUS_LINES = 2;

function versionIn({ stdout }: Io): number {
  return versionOfSize(modulesIn(stdout.columns, stdout.rows - STATUS_LINES));
}

/** Cutting and mixing take time: only when the size changes. */
function remembered(make: FrameMaker): FrameMaker {
  let last: { readonly charactersMax: number; readonly frames: Frames } | undefined;
  return (charactersMax) => {
    if (last?.charactersMax !== charactersMax) last = { charactersMax, frames: make(charactersMax) };
    return last.frames;
  };
}

/** Draws one frame, or what keeps it from being drawn. `moves` says whether there is another one to go on to. */
function draw(
  io: Io,
  view: View,
  make: FrameMaker,
): { readonly version: number; readonly moves: boolean } | undefined {
  const fits = versionIn(io);
  if (fits < 1) {
    say(io, folded(io, `The window is too small for a QR code: it takes ${windowFor(1)}. Make it larger.`));
    return undefined;
  }
  let frames: Frames;
  try {
    frames = make(qrCapacity(Math.min(view.version, fits), "L"));
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    // More parts than can be numbered: denser frames are fewer.
    const next = view.version < fits ? "Press + for denser codes." : "Make the window larger.";
    say(io, folded(io, `At this size ${error.message}. ${next}`));
    return undefined;
  }
  const version = versionFor(frames.characters, "L");
  const status = [`${counter(frames, view.frame)}  ${densityText(view, version, fits)}`, keys(io)];
  say(io, [...blockLines(qrMatrix(frames.at(view.frame), version, "L")), ...status]);
  return { version, moves: frames.count > 1 };
}

function say(io: Io, lines: readonly string[]): void {
  const cut = lines.map((line) => (line.startsWith("\u001b") ? line : line.slice(0, io.stdout.columns)));
  io.stdout.write(HOME + cut.join(`${TO_LINE_END}\r\n`) + TO_LINE_END + TO_SCREEN_END);
}

/** A sentence in lines of the window's width. */
function folded({ stdout }: Io, sentence: string): readonly string[] {
  const lines = sentence.match(new RegExp(`\\S.{0,${Math.max(1, stdout.columns - 1)}}(?=\\s|$)`, "g"));
  return lines ?? [sentence];
}

function counter({ count, rateless }: Frames, frame: number): string {
  return rateless ? `${frame + 1} shown, ${count} needed` : `${(frame % count) + 1}/${count}`;
}

function densityText({ paused, pace, version: wished }: View, version: number, fits: number): string {
  const speed = paused ? "paused" : `${Math.round(10_000 / (PERIODS[pace] as number)) / 10} a second`;
  const more =
    wished > fits && fits < QR_VERSION_MAX ? `; ${windowFor(Math.min(wished, fits + 1))} for more` : "";
  return `density ${version}${more}  ${speed}`;
}

/** The smallest window that shows a code of `version`. */
export function windowFor(version: number): string {
  const { columns, rows } = windowOf(sizeOfVersion(version));
  return `${columns} columns and ${rows + STATUS_LINES} rows`;
}

function keys({ stdout }: Io): string {
  const long = "space pause  +/- density  </> speed  q quit";
  return stdout.columns >= long.length ? long : "space + - < > q";
}
