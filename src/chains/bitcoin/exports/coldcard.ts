/**
 * Coldcard's multisig file (coldcard.com/docs/multisig), which Sparrow, Specter, Keystone, Passport and Jade read as well:
 * lines of `label: value`. It has P2SH, P2SH-P2WSH and P2WSH of several keys, always in BIP-67's order; nothing else.
 */
import { EXPORT_UNFIT } from "../../export-unfit.ts";
import type { Descriptor } from "../descriptor.ts";
import { formatKeyPath } from "../../key-path.ts";
import { unfit } from "./unfit.ts";

/** What a Coldcard takes as a name. */
const NAME_CHARACTERS_MAX = 20;

/**
 * @param name of the wallet, as the device's screen will show it
 * @throws EXPORT_UNFIT for a kind that the file cannot say, and a name that is too long for the device
 */
export function coldcardFile({ kind, threshold, keys }: Descriptor, name: string): string {
  const format =
    kind === "p2wsh-sortedmulti" ? "P2WSH" : kind === "p2sh-p2wsh-sortedmulti" ? "P2SH-P2WSH" : undefined;
  if (format === undefined) throw unfit("Coldcard's multisig file", kind, "--as descriptor");
  // Cut by us, or by the device at a # (a comment there), two wallets could look alike on its screen.
  if (!/^[ -"$-~]+$/.test(name) || name.length > NAME_CHARACTERS_MAX) {
    throw EXPORT_UNFIT(`a Coldcard shows names of 1 to ${NAME_CHARACTERS_MAX} ASCII letters, and no #`, {
      field: "--called",
      hint: "add --called NAME, for the device's screen alone",
    });
  }
  const lines = keys.flatMap(({ origin: { fingerprint, path }, xpub }) => [
    "",
    `Derivation: ${formatKeyPath(path).replaceAll("h", "'")}`,
    `${fingerprint.toUpperCase()}: ${xpub}`,
  ]);
  return [`Name: ${name}`, `Policy: ${threshold} of ${keys.length}`, `Format: ${format}`, ...lines, ""].join(
    "\n",
  );
}
