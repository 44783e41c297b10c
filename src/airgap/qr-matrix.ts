/**
 * QR codes as squares (ISO/IEC 18004). Frames are upper-case text in alphanumeric mode, 5.5 bits a letter; all frames of
 * one message have the same version, so that the picture keeps its size while it moves.
 */
import encodeQR from "qr";
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";

export const QR_UNFIT = declareError(
  "QR_UNFIT",
  "invalid",
  "Text is not of QR's alphanumeric letters, or is too long for the code that was asked for.",
);

/** L restores 7 % of a code and is for screens; M restores 15 % and is for paper, which gets folded and stained. */
export type QrCorrection = "L" | "M";

/** Rows of modules from the top; true is dark. No quiet zone. */
export type QrMatrix = readonly (readonly boolean[])[];

export const QR_VERSION_MAX = 40;

/** Letters of alphanumeric mode by version (ISO/IEC 18004 table 7). */
const CAPACITY: Readonly<Record<QrCorrection, readonly number[]>> = {
  L: [
    25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1046, 1153, 1249, 1352,
    1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520, 2677, 2840, 3009, 3183, 3351, 3537, 3729, 3927,
    4087, 4296,
  ],
  M: [
    20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970, 1035,
    1134, 1248, 1326, 1451, 1542, 1637, 1732, 1839, 1994, 2113, 2238, 2369, 2506, 2632, 2780, 2894, 3054,
    3220, 3391,
  ],
};

/** Modules along a side of a code of `version`. */
export function sizeOfVersion(version: number): number {
  return 17 + 4 * version;
}

/** The largest version whose side has at most `modules`; 0 where none fits. */
export function versionOfSize(modules: number): number {
  return Math.max(0, Math.min(QR_VERSION_MAX, Math.floor((modules - 17) / 4)));
}

/** Letters that a code of `version` holds. @throws QR_UNFIT where no such version exists */
export function qrCapacity(version: number, correction: QrCorrection): number {
  const characters = CAPACITY[correction][version - 1];
  if (characters === undefined)
    throw unfit(`QR codes have no version ${version}`, "choose a version from 1 to 40");
  return characters;
}

/** The smallest version that holds `characters` letters. @throws QR_UNFIT */
export function versionFor(characters: number, correction: QrCorrection): number {
  const index = CAPACITY[correction].findIndex((capacity) => capacity >= characters);
  if (index < 0) throw unfit(`${characters} letters do not fit in one QR code`, "make smaller frames");
  return index + 1;
}

/** The code of `text`, which is of the 45 letters of alphanumeric mode. @throws QR_UNFIT */
export function qrMatrix(text: string, version: number, correction: QrCorrection): QrMatrix {
  if (text.length > LIMITS.qrCharactersMax || !/^[0-9A-Z $%*+\-./:]+$/.test(text))
    throw unfit("the frame is not of QR's alphanumeric letters", "write it in upper case");
  if (text.length > qrCapacity(version, correction))
    throw unfit(`${text.length} letters do not fit in version ${version}`, "make smaller frames");
  return unbordered(
    encodeQR(text, "raw", { ...ERROR_CORRECTION[correction], encoding: "alphanumeric", version, ...BORDER }),
  );
}

/** The code of printable ASCII whose case matters, such as an address in base 58: eight bits a letter. @throws QR_UNFIT */
export function qrTextMatrix(text: string, correction: QrCorrection): QrMatrix {
  if (text.length > TEXT_CHARACTERS_MAX || !/^[ -~]+$/.test(text))
    throw unfit("the text is empty, too long, or not of ASCII letters", "show it as text");
  return unbordered(encodeQR(text, "raw", { ...ERROR_CORRECTION[correction], encoding: "byte", ...BORDER }));
}

/** What a code of version 10 holds in bytes at level M, which a terminal of usual size still shows. */
const TEXT_CHARACTERS_MAX = 213;
const ERROR_CORRECTION = { L: { ecc: "low" }, M: { ecc: "medium" } } as const;
/** The encoder knows no smaller one. */
const BORDER = { border: 1 } as const;

function unbordered(bordered: readonly (readonly boolean[])[]): QrMatrix {
  return bordered.slice(1, -1).map((row) => row.slice(1, -1));
}

function unfit(message: string, hint: string): Error {
  return QR_UNFIT(message, { field: "frame", hint });
}
