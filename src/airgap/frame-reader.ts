/** Reads frames whatever their format: the first one that is known, by how it begins, decides for the whole scan. */
import type { BbqrFile } from "./bbqr-decoder.ts";
import type { Progress } from "./progress.ts";
import type { UrMessage } from "./ur.ts";

export type FrameDecoder<Message extends object> = {
  /** @throws typed errors when the scan has to begin again */
  receive(text: string): Progress<Message>;
  /** Numbers of frames that have not been seen, from 1; a rateless format has none, for any frame will do. */
  missing?(): readonly number[] | undefined;
};

export type FrameDecoders = {
  readonly ur: FrameDecoder<UrMessage>;
  readonly bbqr: FrameDecoder<BbqrFile>;
};

/** What came across, and by which format. */
export type Carried = ({ readonly carrier: "ur" } & UrMessage) | ({ readonly carrier: "bbqr" } & BbqrFile);

export class FrameReader {
  readonly #decoders: FrameDecoders;
  #carrier: Carried["carrier"] | undefined;
  #have: { readonly have: number; readonly need: number } | undefined;

  constructor(decoders: FrameDecoders) {
    this.#decoders = decoders;
  }

  /** Takes one frame: a line that a scanner typed, or the text of a code in a picture. @throws what the decoder throws */
  receive(line: string): Progress<Carried> {
    // zbarcam without --raw writes the kind of code in front.
    const text = line.trim().replace(/^QR-Code:/, "");
    const carrier = carrierOf(text);
    if (carrier === undefined) return { type: "malformed", advice: adviceOn(text) };
    if (this.#carrier !== undefined && carrier !== this.#carrier)
      return {
        type: "foreign",
        advice: `this frame is ${NAMES[carrier]} and those before were ${NAMES[this.#carrier]}: show one code only`,
      };
    const progress = this.#receiveBy(carrier, text);
    if (progress.type === "part" || progress.type === "done") this.#carrier = carrier;
    if (progress.type === "part") this.#have = progress;
    return progress;
  }

  /** How far the scan is; undefined before the first frame. */
  get have(): { readonly have: number; readonly need: number } | undefined {
    return this.#have;
  }

  /** Numbers of frames that are still needed, where the format numbers them. */
  get missing(): readonly number[] | undefined {
    return this.#carrier === undefined ? undefined : this.#decoders[this.#carrier].missing?.();
  }

  #receiveBy(carrier: Carried["carrier"], text: string): Progress<Carried> {
    if (carrier === "ur") {
      const progress = this.#decoders.ur.receive(text);
      return progress.type === "done" ? { ...progress, carrier } : progress;
    }
    const progress = this.#decoders.bbqr.receive(text);
    return progress.type === "done" ? { ...progress, carrier } : progress;
  }
}

const NAMES = { ur: "UR", bbqr: "BBQr" } as const;

function carrierOf(text: string): Carried["carrier"] | undefined {
  if (/^ur:/i.test(text)) return "ur";
  return /^b\$/i.test(text) ? "bbqr" : undefined;
}

/** Scanners that type send keys, not letters: a keyboard of another country puts other signs on them. */
function adviceOn(text: string): string {
  if (text === "") return "an empty line: nothing was scanned";
  if (/^(ur|b)[^a-z0-9\s]/i.test(text))
    return "this looks like a frame typed on another keyboard: set scanner and computer to a US keyboard, and scan again";
  return "this is no frame: it begins with neither UR: nor B$";
}
