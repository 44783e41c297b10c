/** How commands that draw a review describe it. Light: the drawings are loaded only when a command runs. */
import type { OptionSpec } from "../command.ts";

export const PICTURE_OPTIONS: readonly OptionSpec[] = [
  { flags: "--html <file>", about: "also as a page for a browser or a printer" },
  { flags: "--svg <file>", about: "also as a picture, as wide as a sheet of A4" },
  { flags: "--force", about: "replace these files if they exist" },
];
