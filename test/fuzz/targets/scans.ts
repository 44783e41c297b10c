/**
 * Whole scans: frames in any order, twice, missing, of two messages, and with poison between them. What comes out is the
 * message of one of those who showed frames, or an answer about what to do next; never a mixture.
 */
import { BbqrDecoder } from "../../../src/airgap/bbqr-decoder.ts";
import { encodeBbqr, type BbqrFileType } from "../../../src/airgap/bbqr.ts";
import { FrameReader } from "../../../src/airgap/frame-reader.ts";
import { UrDecoder } from "../../../src/airgap/ur-decoder.ts";
import { encodeUr, parseFrame } from "../../../src/airgap/ur.ts";
import { utf8 } from "../../../src/core/hex.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { readFrames } from "../../../src/terminal/scan.ts";
import { fakeIo } from "../../factory/io.ts";
import type { Random } from "../../attack/bench/random.ts";
import { frameText, take, wolfBytes, wolfCbor } from "../../factory/ur-frames.ts";
import { toBase32 } from "../../../src/airgap/base32.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { spoiltText } from "../mutate-text.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";
import { bbqrDeflated } from "./airgap.ts";

const frames = (lines: readonly string[]) => utf8(lines.join("\n"));

const urScan = (length: number, fragment: number, seed: string, count: number): readonly string[] =>
  take(encodeUr("bytes", wolfCbor(length, seed), fragment).parts(), count);

const bbqrScan = (length: number, type: BbqrFileType, encoding: "H" | "2" | "Z", seed: string) =>
  encodeBbqr(wolfBytes(length, seed), { type, encoding, charactersMax: 120 });

const UR_MESSAGES = [
  [100, 20, "Wolf"],
  [500, 50, "Fox"],
  [30, 100, "Hare"],
] as const;

const samples = once(() => [
  ...UR_MESSAGES.map(([length, fragment, seed]) =>
    frames(urScan(length, fragment, seed, Math.ceil(length / fragment) * 3)),
  ),
  frames(bbqrScan(400, "P", "H", "Wolf")),
  frames(bbqrScan(400, "J", "2", "Fox")),
  frames(bbqrScan(400, "U", "Z", "Hare")),
]);

/** A frame with other content under checksums that fit. */
function poisoned(random: Random, text: string): string {
  if (/^ur:/i.test(text)) {
    try {
      const frame = parseFrame(text);
      if (frame.type === "part") {
        const data = mutateBytes(random, frame.part.data, [frame.part.data]);
        return frameText({
          ...frame.part,
          data: random.chance(70) ? sameLength(data, frame.part.data.length) : data,
          seqNum: random.chance(80) ? frame.part.seqNum : 1 + random.below(2 ** 20),
        });
      }
    } catch {
      return text; // Spoilt before: it stays so.
    }
  }
  return /^B\$/.test(text)
    ? text.slice(0, 8) + toBase32(bbqrDeflated(wolfBytes(1 + random.below(60))))
    : spoiltText(random, text, text);
}

function sameLength(bytes: Uint8Array, length: number): Uint8Array {
  const fitted = new Uint8Array(length);
  fitted.set(bytes.subarray(0, length));
  return fitted;
}

/** Lines in another order, twice, left out, of another scan, spoilt or poisoned. */
const mutateScan: Mutate = (random, sample, all) => {
  let lines = textOf(sample).split("\n");
  const others = textOf(random.of(all)).split("\n");
  for (let edits = 1 + random.below(6); edits > 0; edits--) {
    const index = random.below(Math.max(1, lines.length));
    const line = lines[index] ?? "";
    switch (random.below(7)) {
      case 0:
        lines = lines.toSorted(() => random.below(3) - 1);
        break;
      case 1:
        lines = [...lines, line, line];
        break;
      case 2:
        lines = lines.filter((_, i) => i !== index);
        break;
      case 3:
        lines = [...lines.slice(0, index), random.of(others), ...lines.slice(index)];
        break;
      case 4:
        lines = lines.with(Math.min(index, Math.max(0, lines.length - 1)), spoiltText(random, line, line));
        break;
      case 5:
        lines = [...lines.slice(0, index), poisoned(random, line), ...lines.slice(index + 1)];
        break;
      default:
        lines = [...lines, ...others];
    }
  }
  return utf8(lines.join("\n"));
};

const urMessages = once(() => UR_MESSAGES.map(([length, , seed]) => wolfCbor(length, seed)));

const ur: Target = {
  name: "ur-scan",
  samples: once(() => samples().slice(0, 3)),
  mutate: mutateScan,
  decode: (input) => {
    const decoder = new UrDecoder();
    for (const line of textOf(input).split("\n")) {
      const progress = decoder.receive(line);
      if (progress.type !== "done") continue;
      const { cbor } = progress;
      // A single frame can say anything; several must add up to what one sender has shown.
      const whole = urMessages().some((message) => Buffer.from(message).equals(Buffer.from(cbor)));
      const single = /^ur:[a-z0-9-]+\/[a-z]+$/i.test(line);
      promised(whole || single || hasOwnChecksum(line), "frames of two messages became one");
      return undefined;
    }
    return undefined;
  },
  cases: 1500,
};

/** Whether the frame alone makes its message: of one fragment, whose checksum whoever made the frame can compute. */
function hasOwnChecksum(line: string): boolean {
  const frame = parseFrame(line);
  return frame.type === "part" && frame.part.seqLen === 1;
}

const bbqr: Target = {
  name: "bbqr-scan",
  samples: once(() => samples().slice(3)),
  mutate: mutateScan,
  decode: (input) => {
    const decoder = new BbqrDecoder();
    for (const line of textOf(input).split("\n")) {
      const progress = decoder.receive(line);
      if (progress.type === "done")
        promised(progress.bytes.length <= 8 * 1024 * 1024, "a file is larger than is taken");
    }
    return undefined;
  },
  cases: 1500,
};

const reader: Target = {
  name: "frame-reader",
  samples,
  mutate: mutateScan,
  decode: (input) => {
    const frameReader = new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
    for (const line of textOf(input).split("\n")) {
      const progress = frameReader.receive(line);
      if ("advice" in progress)
        promised(
          progress.advice.length > 0 && progress.advice.length < 2000,
          "an answer without words, or endless",
        );
    }
    return undefined;
  },
  cases: 1500,
};

/** Lines as a scanner types them, in pieces that end anywhere. */
const typed: Target = {
  name: "typed-frames",
  samples,
  mutate: mutateScan,
  decode: async (input) => {
    const chunks = textOf(input).match(/[\s\S]{1,97}/g) ?? [];
    const { io } = fakeIo();
    const listen: Io["stdin"]["listen"] = (onData, onEnd) => {
      let listening = true;
      queueMicrotask(() => {
        for (const chunk of chunks) if (listening) onData(chunk);
        if (listening) onEnd();
      });
      return () => void (listening = false);
    };
    const piped: Io = { ...io, stdin: { ...io.stdin, listen } };
    await readFrames(piped, ["-"], new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() }));
    return undefined;
  },
  cases: 800,
};

export const SCAN_TARGETS: readonly Target[] = [ur, bbqr, reader, typed];
