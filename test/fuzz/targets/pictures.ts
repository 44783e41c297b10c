/** Pictures of codes: PNG files of any kind, and what a reader of codes makes of spoilt pixels. */
import { pngOfMatrix, PNG_SIGNATURE } from "../../../src/airgap/png-write.ts";
import { readPng } from "../../../src/airgap/png-read.ts";
import { qrMatrix, versionFor } from "../../../src/airgap/qr-matrix.ts";
import { readQrCodes } from "../../../src/airgap/qr-read.ts";
import { crc32 } from "../../../src/airgap/crc32.ts";
import { concatBytes } from "../../../src/core/hex.ts";
import { encodeUr } from "../../../src/airgap/ur.ts";
import { pictureOf, pngOf } from "../../factory/pictures.ts";
import { wolfCbor } from "../../factory/ur-frames.ts";
import { mutateBytes, withRepair } from "../mutate-bytes.ts";
import { once, promised, type Mutate, type Target } from "../target.ts";

const text = encodeUr("bytes", wolfCbor(20), 100, "uppercase").single ?? "";
const matrix = qrMatrix(text, versionFor(text.length, "L"), "L");

const row = (width: number, samples: number) => [0, ...Array<number>(width * samples).fill(0x55)];

const pngs = once(() => [
  pngOfMatrix(matrix, 2),
  pngOf({ width: 3, height: 2, colour: 2, rows: [row(3, 3), [4, ...row(3, 3).slice(1)]] }),
  pngOf({
    width: 4,
    height: 1,
    colour: 3,
    depth: 2,
    palette: [0, 0, 0, 255, 255, 255],
    rows: [[0, 0b01000100]],
  }),
  pngOf({ width: 2, height: 2, colour: 6, depth: 16, rows: [row(2, 8), [2, ...row(2, 8).slice(1)]] }),
]);

/** Every part with a length and checksum that fit, as far as parts can be made out. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [PNG_SIGNATURE];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = Math.min(view.getUint32(at), bytes.length - at - 12);
    const part = Uint8Array.from(bytes.subarray(at, at + 12 + length));
    const own = new DataView(part.buffer);
    own.setUint32(0, length);
    own.setUint32(8 + length, crc32(part.subarray(4, 8 + length)));
    parts.push(part);
    at += 12 + length;
  }
  return concatBytes(...parts);
}

/** A picture of any size, whose header and pixels agree: the most that a small file can ask for. */
const large: Mutate = (random) => {
  const colour = random.of([0, 2, 3, 4, 6]);
  const depth = random.of(colour === 3 ? [1, 8] : [8, 16]);
  const [width, height] = [random.of([1, 31, 4096]), random.of([1, 77, 1024, 4096])];
  const samples = [1, 0, 3, 1, 2, 0, 4][colour] ?? 1;
  const rowBytes = Math.ceil((width * depth * samples) / 8);
  const line = [random.of([0, 1, 2, 3, 4]), ...Array<number>(rowBytes).fill(random.below(256))];
  if (rowBytes * height > 1024 * 1024) return pngOf({ width, height, depth, colour, rows: [line] });
  return pngOf({
    width,
    height,
    depth,
    colour,
    palette: [0, 0, 0],
    rows: Array.from({ length: height }, () => line),
  });
};

const png: Target = {
  name: "png",
  samples: pngs,
  mutate: (random, sample, samples) =>
    (random.chance(5) ? large : withRepair(mutateBytes, withChecksums))(random, sample, samples),
  decode: (input) => {
    const { width, height, grey } = readPng(input);
    promised(grey.length === width * height, "a picture has other pixels than sides");
    return undefined;
  },
  cases: 2500,
  // The largest picture that is read: 48 MiB of pixels, which zlib joins from pieces, and their grey.
  cpuSecondsMax: 4,
  megabytesMax: 256,
};

/** A picture as its width in two bytes and its pixels. */
const pixels = once(() =>
  [1, 2, 3].map((scale) => {
    const { width, grey } = pictureOf(matrix, scale);
    return concatBytes(Uint8Array.of(width >> 8, width & 0xff), grey);
  }),
);

const qr: Target = {
  name: "qr",
  samples: pixels,
  mutate: mutateBytes,
  decode: async (input) => {
    const width = Math.max(1, ((input[0] ?? 0) << 8) | (input[1] ?? 0));
    const height = Math.max(1, Math.floor((input.length - 2) / width));
    const grey = new Uint8Array(width * height);
    grey.set(input.subarray(2, 2 + grey.length));
    if (width > 4096 || height > 4096) return undefined;
    for (const found of await readQrCodes({ width, height, grey }))
      promised(found.length <= 7089, "a code holds more than codes hold");
    return undefined;
  },
  cases: 150,
  cpuSecondsMax: 10,
};

export const PICTURE_TARGETS: readonly Target[] = [png, qr];
