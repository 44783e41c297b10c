/** The build that this home has pinned, and what the home itself asks of a build. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseCanonical, type JsonObject } from "../../src/core/canonical.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { BUILD, type BuildDocument } from "../../src/core/documents/build.ts";
import { CustodyError, declareError } from "../../src/core/errors.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import type { Io } from "../../src/terminal/io.ts";
import { writeFileDurably } from "../../src/terminal/files.ts";
import { readPrivate, seedFiles, type Home } from "../keystore/home.ts";

export const PINNED_BUILD_BROKEN = declareError(
  "PINNED_BUILD_BROKEN",
  "verification",
  "The build that is kept in the home cannot be read.",
);

export function buildFile({ folder, network }: Home): string {
  return join(folder, `build-${network}.json`);
}

/** One that cannot be read is not "none": it may be the floor that keeps an old release out. @throws PINNED_BUILD_BROKEN */
export function pinnedBuild(home: Home): BuildDocument | undefined {
  const file = buildFile(home);
  if (!existsSync(file)) return undefined;
  try {
    return parseDocument(BUILD, readPrivate(file));
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    throw PINNED_BUILD_BROKEN(`${file}: ${error.message}`, {
      field: "--home",
      hint: `find out what changed it, then: mv ${shellWord(file)} ${shellWord(file)}.broken`,
    });
  }
}

export function keepBuild(home: Home, build: BuildDocument, io: Io): void {
  writeFileDurably(buildFile(home), documentBytes(build), true, io.random(8));
}

/** The lowest version among the files that a new program will have to open. */
export function keystoreVersion(home: Home): number {
  const files = [
    home.signerFile,
    ...(existsSync(home.unlockFile) ? [home.unlockFile] : []),
    ...seedFiles(home),
  ];
  return Math.min(...files.map(versionOf));
}

function versionOf(file: string): number {
  const { version } = Object(parseCanonical(readPrivate(file))) as JsonObject;
  // A file without one is older than all.
  return typeof version === "number" ? version : 0;
}
