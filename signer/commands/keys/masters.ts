/** Which of a signer's seeds an export is of, where it can be of one alone. */
import { USAGE } from "../../../src/terminal/program.ts";

/** @param wanted a master's fingerprint, where one was named @throws USAGE */
export function oneOfMasters<Of extends { readonly fingerprint: string }>(
  all: readonly Of[],
  wanted: string | undefined,
): Of {
  const [found, ...others] = all.filter(({ fingerprint }) => wanted === undefined || fingerprint === wanted);
  if (found !== undefined && others.length === 0) return found;
  throw USAGE(`an account is of one master, this signer has ${all.length}`, {
    field: "--fingerprint",
    hint: `add --fingerprint, one of: ${all.map(({ fingerprint }) => fingerprint).join(", ")}`,
  });
}
