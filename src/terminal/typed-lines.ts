/**
 * Lines as they come: from a scanner that types like a keyboard, or through a pipe from a camera's program. Nothing is
 * waited for once the last frame is there, for a camera never ends by itself.
 */
import { LIMITS } from "../core/limits.ts";
import type { Io } from "./io.ts";
import { CANCELLED } from "./prompt.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** No frame is longer, with a little in front; the rest of such a line is let pass without being kept. */
const LINE_CHARACTERS_MAX = LIMITS.qrCharactersMax + 64;

/**
 * Hands each line that is not blank to `take`, until it answers "enough" or the input ends. What `take` throws ends it.
 * A terminal is read in raw mode: it would otherwise cut lines after 4,095 characters (termios(3)), and a dense frame has more.
 * @throws CANCELLED on ctrl-C
 */
export async function takeLines(io: Io, take: (line: string) => "more" | "enough"): Promise<void> {
  if (io.stdin.isTTY) io.stdin.setRawMode(true);
  try {
    await new Promise<void>((resolve, reject) => {
      const lines = lineSplitter(take, io.stdin.isTTY);
      const settle = (how: () => void) => {
        stop();
        how();
      };
      const step = (answer: () => "more" | "enough") =>
        void Promise.resolve()
          .then(answer)
          .then(
            (answered) => answered === "enough" && settle(resolve),
            (error: Error) => settle(() => reject(error)),
          );
      const stop = io.stdin.listen(
        (chunk) => step(() => lines.add(chunk)),
        () => step(() => lines.end()),
      );
    });
  } finally {
    if (io.stdin.isTTY) {
      await letPass(io);
      io.stdin.setRawMode(false);
    }
  }
}

/** A scanner that has typed nothing for so long is not pointed at a code any more. */
const QUIET_MILLISECONDS = 1500;

// A scanner is a keyboard. What it goes on typing would answer the next question, or be run by the shell: whoever draws
// the codes would only have to show the text of a command after the last of them, or after one that ends the scan.
async function letPass(io: Io): Promise<void> {
  let [heard, left] = [true, false];
  const stop = io.stdin.listen(
    (chunk) => {
      heard = true;
      if (chunk.includes(CTRL_C) || chunk.includes(CTRL_D)) left = true;
    },
    () => void (left = true),
  );
  while (heard && !left) {
    heard = false;
    await io.sleep(QUIET_MILLISECONDS);
  }
  stop();
}

type Splitter = { readonly add: (chunk: string) => "more" | "enough"; readonly end: () => "enough" };

function lineSplitter(take: (line: string) => "more" | "enough", typed: boolean): Splitter {
  let line = "";
  let enough = false;
  const finish = () => {
    const whole = line;
    line = "";
    if (!enough && whole.trim() !== "") enough = take(whole) === "enough";
  };
  const add = (chunk: string): "more" | "enough" => {
    for (const key of chunk) {
      if (typed && key === CTRL_C) throw CANCELLED("cancelled; nothing was done");
      if (key === "\n" || key === "\r") finish();
      else if (typed && key === CTRL_D) {
        finish();
        enough = true;
      } else if (line.length < LINE_CHARACTERS_MAX) line += key;
      if (enough) break;
    }
    return enough ? "enough" : "more";
  };
  const end = () => {
    finish();
    return "enough" as const;
  };
  return { add, end };
}
