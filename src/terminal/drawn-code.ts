/** One QR code in an answer, for whoever holds a camera to the terminal: `--qr`. */
import { qrTextMatrix } from "../airgap/qr-matrix.ts";
import { switchedOn, type Call } from "./command.ts";
import { USAGE } from "./program.ts";
import { blockLines } from "./qr-blocks.ts";

/** Finds out that a code could not be seen before anything is done. @throws USAGE */
export function assertDrawable({ io, flags, json }: Call): void {
  if (!switchedOn(flags, "qr") || (io.stdout.isTTY && !json)) return;
  throw USAGE("a QR code is drawn on a terminal, and this is none", {
    field: "--qr",
    hint: "leave --qr out",
  });
}

/** The code of `text`, whose case matters. @throws QR_UNFIT */
export function drawCode(text: string): string {
  return `${blockLines(qrTextMatrix(text, "M")).join("\n")}\n`;
}
