/** QR codes in letters: two modules, one above the other, in each. */
import type { QrMatrix } from "../airgap/qr-matrix.ts";

/**
 * Light modules around a code. The standard asks for four; readers of screens find a code by two, and the rows that are
 * saved hold a denser code.
 */
const QUIET = 2;

/** Black on white of the fixed palette: themes change the first sixteen colours, and readers want dark on light. */
const PAINT = "\u001b[38;5;16;48;5;231m";
const PLAIN = "\u001b[0m";

/** Modules along the side of the largest code that a window holds, quiet zone aside. */
export function modulesIn(columns: number, rows: number): number {
  return Math.min(columns, 2 * rows) - 2 * QUIET;
}

/** Columns and rows that a code takes with its quiet zone. @param modules along its side */
export function windowOf(modules: number): { readonly columns: number; readonly rows: number } {
  const columns = modules + 2 * QUIET;
  return { columns, rows: Math.ceil(columns / 2) };
}

/** Lines of a terminal that show `matrix`, colours included: they are the picture, not its decoration. */
export function blockLines(matrix: QrMatrix): readonly string[] {
  const side = matrix.length + 2 * QUIET;
  const dark = (x: number, y: number) => matrix[y - QUIET]?.[x - QUIET] === true;
  const letter = (x: number, y: number) => " ▀▄█".charAt((dark(x, y) ? 1 : 0) + (dark(x, y + 1) ? 2 : 0));
  return Array.from({ length: Math.ceil(side / 2) }, (_, line) => {
    const letters = Array.from({ length: side }, (_, x) => letter(x, 2 * line));
    return `${PAINT}${letters.join("")}${PLAIN}`;
  });
}
