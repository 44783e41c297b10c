/** A signer's home in which seeds are made, backed up and restored: words in files, or typed by a person. */
import { emptyHome, mustRun, type SignerHome } from "../../../factory/signer-home.ts";

export const PASS = ["--passphrase-file", "pass"];
export const EXTENDED = ["--seed-passphrase-file", "seed-pass"];
export const CLEAR = "\u001b[2J\u001b[3J\u001b[H";

export async function signerHome(network = "regtest", mask = 0): Promise<SignerHome> {
  const home = emptyHome(mask);
  home.write("seed-pass", "the seed's own\n");
  home.write("other-pass", "the seed's ovn\n");
  await mustRun(home, ["init", "--network", network, "--name", "signer-1", ...PASS]);
  return home;
}

export function linesOf(home: SignerHome, file: string): readonly string[] {
  return new TextDecoder().decode(home.read(file)).trim().split("\n");
}

/** Words that a person would type: four letters of each. */
export const letters = (words: string) => words.split(" ").map((word) => word.slice(0, 4));
