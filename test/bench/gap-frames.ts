/**
 * Rows `gap-frames` and `gap-time`: a real request of 200 inputs and 100 kB that do not compress, as frames of the screen's
 * first density, before cameras that miss three frames in ten by themselves. The cameras are the same in every run.
 */
import { UR, URDecoder, UREncoder } from "@ngraveio/bc-ur";
import { expectedFrames } from "../../src/airgap/expected-frames.ts";
import { bbqrFrames, urFrames, type FrameMaker } from "../../src/airgap/frames.ts";
import { qrCapacity } from "../../src/airgap/qr-matrix.ts";
import { urPayload } from "../../src/airgap/ur-types.ts";
import { assert } from "../../src/core/errors.ts";
import { FIRST_VIEW } from "../../src/terminal/qr-screen.ts";
import { seenPlaces, shownUntilRead } from "../factory/lossy-camera.ts";
import { median, type Row } from "./row.ts";

const LOSS = 0.3;
const CAMERAS = 31;
const ROUNDS = 7;

/** A message as each way shows it. */
export type Message = { readonly name: string; readonly bytes: Uint8Array };

const WAYS = {
  UR: ({ bytes }: Message): FrameMaker => urFrames("custody-request", urPayload("custody-request", bytes)),
  BBQr: ({ bytes }: Message): FrameMaker => bbqrFrames(bytes, "J"),
  // As it is shown to other makers: the standard's frames one after the other.
  "UR in the standard's order": ({ bytes }: Message): FrameMaker =>
    urFrames("crypto-psbt", urPayload("custody-request", bytes)),
};
type Way = keyof typeof WAYS;

function framesOf(way: Way, message: Message) {
  return WAYS[way](message)(qrCapacity(FIRST_VIEW.version, "L"));
}

/** What was shown over what theory asks for: k of a code without end, and the mean for a row that begins again. */
export function gapFrames(messages: readonly Message[]): Row {
  const measured = messages.flatMap((message) =>
    (Object.keys(WAYS) as Way[]).map((way) => {
      const frames = framesOf(way, message);
      const theory = expectedFrames(frames, LOSS);
      const shown = Array.from({ length: CAMERAS }, (_, camera) =>
        shownUntilRead(frames, LOSS, `camera ${camera}`),
      );
      const mean = shown.reduce((total, one) => total + one, 0) / CAMERAS;
      const nine = [...shown].sort((a, b) => a - b)[Math.floor(CAMERAS * 0.9)] as number;
      const ideal = frames.count / (1 - LOSS);
      return { way, message, count: frames.count, theory, mean, nine, ideal };
    }),
  );
  const ours = measured.filter(({ way }) => way === "UR");
  const worst = ours.reduce((a, b) => (a.mean / a.theory > b.mean / b.theory ? a : b));
  return {
    name: "gap-frames",
    unit: "frames",
    ours: worst.mean,
    floor: worst.theory,
    peers: {},
    ratio: worst.mean / worst.theory,
    goal: "at most 1.15x the frames by theory, with 30 % lost",
    notes: [
      "theory: UR any k of k frames, so k/0.7 are shown; BBQr the mean of a row that is shown until its last missed frame was seen",
      `mean of ${CAMERAS} cameras; ours is UR of the message that does worse, ${worst.message.name}`,
      ...measured.map(
        ({ way, message, count, theory, mean, nine, ideal }) =>
          `${message.name}, ${way}: ${count} frames, shown ${mean.toFixed(0)} (nine in ten: ${nine}), by theory ${theory.toFixed(0)}, ${(mean / theory).toFixed(2)}x; ${(mean / ideal).toFixed(2)}x of k/0.7`,
      ),
    ],
  };
}

/** Processor time of sender and receiver together, until the message is whole, in milliseconds. */
export function gapTime(messages: readonly Message[]): Row {
  const rows = messages.map((message) => ({ message, ...timesOf(message) }));
  const worst = rows.reduce((a, b) => (a.UR / a.peer > b.UR / b.peer ? a : b));
  return {
    name: "gap-time",
    unit: "ms",
    ours: worst.UR,
    floor: worst.peer,
    peers: { "@ngraveio/bc-ur": worst.peer },
    ratio: worst.UR / worst.peer,
    goal: "at most 0.33x of @ngraveio/bc-ur",
    notes: rows.map(
      ({ message, UR: ur, BBQr: bbqr, peer, shownByPeer }) =>
        `${message.name}: UR ${ur.toFixed(1)} ms, BBQr ${bbqr.toFixed(1)} ms (with inflating), @ngraveio/bc-ur ${peer.toFixed(1)} ms and ${shownByPeer} frames shown; ${(ur / peer).toFixed(2)}x, ${(bbqr / peer).toFixed(2)}x`,
    ),
  };
}

function timesOf(message: Message) {
  const times = { UR: [] as number[], BBQr: [] as number[], peer: [] as number[] };
  let shownByPeer = 0;
  const timed = (list: number[], work: () => void) => {
    const begin = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(begin);
    list.push((user + system) / 1000);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const seed = `camera ${round}`;
    timed(times.UR, () => shownUntilRead(framesOf("UR", message), LOSS, seed));
    timed(times.BBQr, () => shownUntilRead(framesOf("BBQr", message), LOSS, seed));
    timed(times.peer, () => {
      shownByPeer = shownByPeerUntilRead(message, seed);
    });
  }
  return { UR: median(times.UR), BBQr: median(times.BBQr), peer: median(times.peer), shownByPeer };
}

/** The same way across with the peer at both ends: the same content in as many fragments. */
function shownByPeerUntilRead(message: Message, seed: string): number {
  const cbor = urPayload("custody-request", message.bytes);
  const { count } = framesOf("UR", message);
  const encoder = new UREncoder(new UR(Buffer.from(cbor), "bytes"), Math.ceil(cbor.length / count));
  const decoder = new URDecoder();
  let shown = 0;
  for (const place of seenPlaces(LOSS, seed)) {
    let text = "";
    for (; shown <= place; shown++) text = encoder.nextPart();
    decoder.receivePart(text);
    if (!decoder.isComplete()) continue;
    assert(decoder.isSuccess(), "the peer reads its own frames");
    break;
  }
  return shown;
}
