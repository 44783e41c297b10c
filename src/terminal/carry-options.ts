/** How commands that cross the gap describe it. Light: what reads and draws codes is loaded only when it runs. */
import type { OptionSpec } from "./command.ts";

/** For `--in`: frames that a scanner types or a camera's program writes, on standard input. */
export const SCAN = "scan";

/** Of a flag or argument that `readCarried` reads. */
export const CARRIED_ABOUT = `a file, a picture or folder of QR codes, - for stdin, or ${SCAN} for codes line by line`;

/** Of a command that calls `carry`. */
export const CARRY_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--ur",
    about: "also as QR codes by UR, moving on the screen unless --frames or --sheet is given",
  },
  { flags: "--bbqr", about: "also as QR codes by BBQr" },
  { flags: "--frames <folder>", about: "the codes as PNG pictures in this folder" },
  { flags: "--sheet <file>", about: "the codes as a page to print (HTML)" },
];

export const DESCRIPTORS_OPTION: OptionSpec = {
  flags: "--descriptors <file>",
  about: "a list by sha256sum of ERC-7730 descriptors beside it: their words are shown as well",
};
