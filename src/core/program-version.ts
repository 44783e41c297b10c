import type { Brand } from "./brand.ts";
import { declareError } from "./errors.ts";

/** A released version of our programs: three whole numbers, `0.12.3`. Nothing else is released, so no suffixes. */
export type ProgramVersion = Brand<string, "ProgramVersion">;

export const PROGRAM_VERSION_MALFORMED = declareError(
  "PROGRAM_VERSION_MALFORMED",
  "invalid",
  "A version of a program is not three whole numbers (0.12.3).",
);

/** @throws PROGRAM_VERSION_MALFORMED */
export function parseProgramVersion(text: string, field = "version"): ProgramVersion {
  if (/^(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}$/.test(text)) return text as ProgramVersion;
  throw PROGRAM_VERSION_MALFORMED(`${field} is not three whole numbers with points between`, {
    field,
    hint: "write it as 0.12.3",
  });
}

/** Below 0 where `a` is older than `b`, 0 where they are the same, above 0 where it is newer. */
export function compareVersions(a: ProgramVersion, b: ProgramVersion): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const differing = left.findIndex((number, index) => number !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

function numbersOf(version: ProgramVersion): readonly number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10));
}
