import { utf8 } from "../../core/hex.ts";
import { optionalFlag, switchedOn, type Call } from "../command.ts";
import { writeOutput } from "../files.ts";
import { pageHtml } from "./html.ts";
import type { Page } from "./page.ts";
import { pageSvg } from "./svg.ts";

/**
 * Writes the drawings that `--html` and `--svg` ask for.
 * @returns the files that were written
 * @throws FILE_EXISTS, FILE_UNUSABLE, BINARY_TO_TERMINAL
 */
export function writePictures({ io, flags }: Call, page: Page, title: string): readonly string[] {
  const drawings = { html: pageHtml, svg: pageSvg };
  return Object.entries(drawings).flatMap(([flag, draw]) => {
    const file = optionalFlag(flags, flag);
    if (file === undefined) return [];
    writeOutput(io, file, utf8(draw(page, title)), { force: switchedOn(flags, "force") });
    return [file];
  });
}
