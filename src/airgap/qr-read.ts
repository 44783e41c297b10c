/** The texts of all QR codes in a picture: one frame on a screen, or a whole sheet of them. */
import { decodeQRBatch } from "qr/decode.js";
import type { Picture } from "./picture.ts";

/** Tries of the reader with one picture. It has no clock here: the same picture gives the same answer on every machine. */
const EFFORT = 16;

/** In the order in which they are found; empty when there is none. */
export async function readQrCodes({ width, height, grey }: Picture): Promise<readonly string[]> {
  // I420 begins with the plane of grey, and the planes of colour are not looked at.
  const [found = []] = await decodeQRBatch([{ width, height, data: grey }], {
    format: "I420",
    effort: EFFORT,
    timeLimit: Number.POSITIVE_INFINITY,
    maxSize: { width, height },
  });
  return found.filter((text) => typeof text === "string");
}
