/** The offline signer's command line. It knows no network, no database and no other program. */
import type { ProgramSpec } from "../src/terminal/command.ts";
import type { Io } from "../src/terminal/io.ts";
import { runProgram } from "../src/terminal/program.ts";
import { address } from "./commands/address/address.ts";
import { build } from "./commands/build/build.ts";
import { journal } from "./commands/journal/journal.ts";
import { keys } from "./commands/keys/keys.ts";
import { policy } from "./commands/policy/policy.ts";
import {
  doctor,
  echo,
  importWords,
  init,
  inspect,
  replay,
  review,
  sign,
  voidIntent,
} from "./commands/request.ts";
import { wallet } from "./commands/wallet/wallet.ts";

export const signerProgram: ProgramSpec = {
  name: "custody-signer",
  about: "the offline signer: believes people's signatures and nothing else",
  homeName: "custody-signer",
  homeVariable: "CUSTODY_SIGNER_HOME",
  commands: [
    init,
    keys,
    policy,
    review,
    sign,
    importWords,
    voidIntent,
    replay,
    inspect,
    echo,
    journal,
    wallet,
    address,
    build,
    doctor,
  ],
};

/** @returns the exit code */
export function main(io: Io): Promise<number> {
  return runProgram(signerProgram, io);
}
