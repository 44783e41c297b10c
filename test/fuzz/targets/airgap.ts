/** What comes across the gap by codes, one frame or one value at a time. */
import { deflateRawSync } from "node:zlib";
import { fromBase32, toBase32 } from "../../../src/airgap/base32.ts";
import { BBQR_WINDOW_BITS } from "../../../src/airgap/bbqr.ts";
import { readBbqrPart } from "../../../src/airgap/bbqr-part.ts";
import { decodeBytewords, encodeBytewords } from "../../../src/airgap/bytewords.ts";
import { decodeCbor, encodeCbor, type Cbor } from "../../../src/airgap/cbor.ts";
import { decodePart, encodePart } from "../../../src/airgap/fountain-part.ts";
import { readUrPayload, urPayload } from "../../../src/airgap/ur-types.ts";
import { encodeUr, parseFrame } from "../../../src/airgap/ur.ts";
import { concatBytes, utf8 } from "../../../src/core/hex.ts";
import { encodeBbqr } from "../../../src/airgap/bbqr.ts";
import { frameText, wolfBytes, wolfCbor } from "../../factory/ur-frames.ts";
import { either, mutateBytes, mutateInside } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";

const VALUES: readonly Cbor[] = [
  0,
  24,
  2 ** 53 - 1,
  true,
  "text",
  wolfBytes(40),
  [1, "two", new Uint8Array([3]), [4]],
  new Map<number | string, Cbor>([
    [1, "a"],
    ["key", [1, 2]],
  ]),
  { tag: 310, value: wolfBytes(20) },
  { tag: 40_311, value: new Map<number, Cbor>([[3, new Map<number, Cbor>([[1, 2]])]]) },
];

export const cborSamples = once(() => VALUES.map((value) => encodeCbor(value)));

const cbor: Target = {
  name: "cbor",
  samples: cborSamples,
  mutate: mutateBytes,
  decode: (input) => encodeCbor(decodeCbor(input)),
  cases: 12_000,
};

const bytewords: Target = {
  name: "bytewords",
  samples: once(() => [1, 5, 40, 300].map((length) => utf8(encodeBytewords(wolfBytes(length))))),
  mutate: mutateText,
  decode: (input) => {
    const text = textOf(input);
    const again = encodeBytewords(decodeBytewords(text));
    promised(again === text.toLowerCase(), "Bytewords are written another way");
    return undefined;
  },
  cases: 4000,
};

const fountainPart: Target = {
  name: "fountain-part",
  samples: once(() => [
    encodePart({ seqNum: 1, seqLen: 3, messageLen: 25, checksum: 7, data: wolfBytes(10) }),
    encodePart({ seqNum: 99, seqLen: 100, messageLen: 9950, checksum: 2 ** 32 - 1, data: wolfBytes(100) }),
  ]),
  mutate: mutateBytes,
  decode: (input) => encodePart(decodePart(input)),
  cases: 8000,
};

/** A frame whose words have a checksum that fits, around whatever stands in them. */
const rewordedFrame: Mutate = mutateInside(
  mutateBytes,
  (sample) => decodeBytewords(textOf(sample).split("/").at(-1) ?? ""),
  (bytes, random) =>
    utf8(
      `ur:${random.of(["bytes", "crypto-psbt", "custody-request"])}/${random.of(["", "1-3/", "7-9/", "99-100/"])}${encodeBytewords(bytes)}`,
    ),
);

const urFrame: Target = {
  name: "ur-frame",
  samples: once(() => {
    const part = { seqNum: 7, seqLen: 9, messageLen: 85, checksum: 1, data: wolfBytes(10) };
    return [
      encodeUr("crypto-psbt", wolfCbor(30), 100).single ?? "",
      frameText(part),
      frameText({ ...part, seqNum: 1 }).toUpperCase(),
    ].map(utf8);
  }),
  mutate: either(mutateText, rewordedFrame),
  decode: (input) => {
    const text = textOf(input);
    const frame = parseFrame(text);
    if (frame.type === "single") return undefined;
    promised(
      frameText(frame.part, frame.urType) === text.toLowerCase(),
      "a frame is written another way when it is written again",
    );
    return undefined;
  },
  cases: 6000,
};

/** Compressed content, spoilt before and after it is compressed; and a bomb now and then. */
const deflated: Mutate = (random, sample, samples) => {
  if (random.chance(50)) return mutateBytes(random, sample, samples);
  const content = random.chance(3)
    ? new Uint8Array(random.of([1, 9, 40]) * 1024 * 1024)
    : mutateBytes(random, wolfBytes(1 + random.below(500)), samples);
  const packed = new Uint8Array(deflateRawSync(content));
  return encodeCbor(random.chance(50) ? packed : concatBytes(packed, Uint8Array.of(random.below(256))));
};

const urPayloads: Target = {
  name: "ur-payload",
  samples: once(() => [
    urPayload("custody-request", utf8("{}")),
    urPayload("custody-receipt", wolfBytes(5000)),
  ]),
  mutate: deflated,
  decode: (input) => {
    const { content } = readUrPayload({ urType: "custody-request", cbor: input });
    const { content: same } = readUrPayload({
      urType: "custody-request",
      cbor: urPayload("custody-request", content),
    });
    promised(Buffer.from(content).equals(Buffer.from(same)), "content is read as something else again");
    return undefined;
  },
  cases: 500,
  megabytesMax: 256,
};

const psbtPayload: Target = {
  name: "ur-psbt",
  samples: once(() => [
    urPayload("crypto-psbt", wolfBytes(100)),
    encodeCbor({ tag: 310, value: wolfBytes(9) }),
    encodeCbor({ tag: 40_310, value: wolfBytes(9) }),
  ]),
  mutate: mutateBytes,
  decode: (input) => {
    readUrPayload({ urType: "crypto-psbt", cbor: input });
    return undefined;
  },
  cases: 5000,
};

const bbqrSamples = once(() =>
  (["H", "2", "Z"] as const).flatMap((encoding) =>
    encodeBbqr(wolfBytes(300), { type: "P", encoding, charactersMax: 200 }).map(utf8),
  ),
);

const bbqrPart: Target = {
  name: "bbqr-part",
  samples: bbqrSamples,
  mutate: mutateText,
  decode: (input) => {
    const part = readBbqrPart(textOf(input));
    if ("advice" in part) {
      promised(part.advice.length > 0 && part.advice.length < 500, "a frame is refused without a word");
      return undefined;
    }
    promised(part.bytes.length > 0 && part.index < part.total, "a part has no bytes or no place");
    return undefined;
  },
  cases: 8000,
};

const base32: Target = {
  name: "base32",
  samples: once(() => [0, 1, 2, 3, 4, 5, 33].map((length) => utf8(toBase32(wolfBytes(length))))),
  mutate: mutateText,
  decode: (input) => utf8(toBase32(fromBase32(textOf(input)))),
  cases: 8000,
};

/** Raw deflate of BBQr, with its smaller window. */
export const bbqrDeflated = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(deflateRawSync(bytes, { windowBits: BBQR_WINDOW_BITS, level: 9 }));

export const AIRGAP_TARGETS: readonly Target[] = [
  cbor,
  bytewords,
  fountainPart,
  urFrame,
  urPayloads,
  psbtPayload,
  bbqrPart,
  base32,
];
