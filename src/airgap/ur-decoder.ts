/**
 * Puts a message together from the frames of an animated UR, in any order, as often as they come. The first good frame
 * decides which message that is: type, number of fragments, lengths and checksum; every other frame is answered with what
 * to do next. CRC-32 keeps accidents out. Against an attacker it does nothing: what comes out is a document like any
 * other, and its signatures are judged where documents are (T3).
 */
import { declareError, isError } from "../core/errors.ts";
import { equalBytes } from "../core/hex.ts";
import { crc32 } from "./crc32.ts";
import type { FountainPart } from "./fountain-part.ts";
import { FragmentChooser } from "./fragment-chooser.ts";
import { FragmentSolver } from "./fragment-solver.ts";
import type { Progress } from "./progress.ts";
import { FRAME_ERRORS, parseFrame, type UrFrame, type UrMessage } from "./ur.ts";

export const UR_SPOILED = declareError(
  "UR_SPOILED",
  "verification",
  "Frames of one animated UR contradict each other, or the checksum of their message: one of them was not made by the sender.",
);

export type UrProgress = Progress<UrMessage>;

/** After so many foreign frames in a row the reader, not the screen, has the wrong message. */
const FOREIGN_FRAMES_MAX = 8;

type Scan = {
  readonly urType: string;
  readonly first: FountainPart;
  readonly chooser: FragmentChooser;
  readonly solver: FragmentSolver;
};

export class UrDecoder {
  readonly #expected: readonly string[] | undefined;
  #scan: Scan | undefined;
  #whole: UrMessage | undefined;
  #spoiled = false;
  #foreignInARow = 0;
  #last = "";

  /** With `expected`, a UR of another type is foreign from the first frame on. */
  constructor(expected?: readonly string[]) {
    this.#expected = expected;
  }

  /** Forgets the scan: the next good frame begins a new one. */
  reset(): void {
    this.#scan = undefined;
    this.#whole = undefined;
    this.#spoiled = false;
    this.#foreignInARow = 0;
    this.#last = "";
  }

  /**
   * Takes the text of one frame. After "done" there is nothing more to take.
   * @throws UR_SPOILED, and again for every frame until `reset`
   */
  receive(text: string): UrProgress {
    if (this.#spoiled) throw spoiled("the frames scanned so far do not belong together");
    // A camera sees each frame of the screen several times.
    if (text === this.#last) return this.#duplicate();
    let frame: UrFrame;
    try {
      frame = parseFrame(text);
    } catch (error) {
      if (!isError(error, ...FRAME_ERRORS)) throw error;
      return { type: "malformed", advice: `${error.message}: ${error.hint ?? "scan the frame again"}` };
    }
    if (this.#expected?.includes(frame.urType) === false) {
      return this.#foreign(`this is ${frame.urType}, expected ${this.#expected.join(" or ")}`);
    }
    const progress = frame.type === "single" ? this.#single(frame) : this.#part(frame.urType, frame.part);
    if (progress.type === "foreign") return progress;
    this.#foreignInARow = 0;
    this.#last = text;
    return progress;
  }

  #single({ urType, cbor }: UrMessage): UrProgress {
    const whole = this.#whole;
    if (this.#scan !== undefined) return this.#foreign(`this is another message (${urType})`);
    if (whole === undefined) return this.#done({ urType, cbor });
    if (whole.urType === urType && equalBytes(whole.cbor, cbor)) return this.#duplicate();
    return this.#foreign(`this is another message (${urType})`);
  }

  #part(urType: string, part: FountainPart): UrProgress {
    if (this.#scan === undefined && this.#whole !== undefined) {
      return this.#foreign(`this is another message (${urType})`);
    }
    const scan = (this.#scan ??= beginScan(urType, part));
    if (scan.urType !== urType || !isSameMessage(scan.first, part)) {
      return this.#foreign(`this is a frame of another message (${urType})`);
    }
    if (this.#whole !== undefined) return this.#duplicate();
    const outcome = scan.solver.add(scan.chooser.choose(part.seqNum), part.data);
    if (outcome === "known") return this.#duplicate();
    if (outcome === "contradiction") throw this.#spoil(`frame ${part.seqNum} contradicts those before it`);
    const { rank } = scan.solver;
    if (rank < part.seqLen) return { type: "part", have: rank, need: part.seqLen };
    const cbor = scan.solver.solve(part.messageLen);
    if (crc32(cbor) !== part.checksum) throw this.#spoil("the checksum of the message is wrong");
    return this.#done({ urType, cbor });
  }

  #done(message: UrMessage): UrProgress {
    this.#whole = message;
    return { type: "done", ...message };
  }

  #duplicate(): UrProgress {
    const advice =
      this.#whole === undefined ? "nothing new: keep scanning" : "the message is whole: stop scanning";
    return { type: "duplicate", advice };
  }

  #foreign(what: string): UrProgress {
    const often = ++this.#foreignInARow >= FOREIGN_FRAMES_MAX;
    const advice = often
      ? `${what}, as were the last ${FOREIGN_FRAMES_MAX}: start the scan again`
      : `${what}: show one animation alone`;
    return { type: "foreign", advice };
  }

  #spoil(what: string) {
    this.#spoiled = true;
    this.#scan = undefined;
    return spoiled(what);
  }
}

function beginScan(urType: string, first: FountainPart): Scan {
  const chooser = new FragmentChooser(first.seqLen, first.checksum);
  return { urType, first, chooser, solver: new FragmentSolver(first.seqLen, first.data.length) };
}

/** Whether two frames are of one message (T3). Their numbers and data differ from frame to frame. */
function isSameMessage(a: FountainPart, b: FountainPart): boolean {
  return (
    a.seqLen === b.seqLen &&
    a.messageLen === b.messageLen &&
    a.checksum === b.checksum &&
    a.data.length === b.data.length
  );
}

function spoiled(what: string) {
  return UR_SPOILED(`${what}; a frame among them was not made by the sender`, {
    field: "frames",
    hint: "start the scan again, with no other screen in view",
  });
}
