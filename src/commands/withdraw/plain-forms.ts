/** What `withdraw export` writes for other makers' signers: `--psbt`, `--psbt-version`. */
import { FLAG_MALFORMED, optionalFlag, type Flags } from "../../terminal/command.ts";

/** Where to, and of which version; no folder where none are asked for. */
export type PlainForms = { readonly folder: string | undefined; readonly version: 0 | 2 };

/** Read before anything is committed. @throws FLAG_MALFORMED */
export function plainFormsAsked(flags: Flags): PlainForms {
  const folder = optionalFlag(flags, "psbt");
  const version = optionalFlag(flags, "psbtVersion");
  if (version !== undefined && folder === undefined) {
    throw FLAG_MALFORMED("--psbt-version says how to write what --psbt asks for, and --psbt is not given", {
      field: "--psbt-version",
      hint: "add --psbt DIR",
    });
  }
  if (version === undefined || version === "0") return { folder, version: 0 };
  if (version === "2") return { folder, version: 2 };
  throw FLAG_MALFORMED(`--psbt-version ${JSON.stringify(version)} is no version of PSBT`, {
    field: "--psbt-version",
    hint: "0 (BIP-174), or 2 (BIP-370) for makers that want it",
  });
}
