import { existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { NETWORKS } from "../../core/chain.ts";
import { counted } from "../../core/count.ts";
import { idFrom } from "../../core/identifier.ts";
import { databaseFile, HOME_AMBIGUOUS } from "../../home/online.ts";
import { readWitness, witnessFile, witnessOf, writeWitness } from "../../home/witness.ts";
import { networkOfBackup, restoreStore, verifyBackup } from "../../store/backup.ts";
import { closeStore, openStore } from "../../store/database.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";

/** Puts a backup where the database was, in quarantine: what came after it is not known here (F9). */
export const run: Run = async ({ io, args, home, dryRun }) => {
  const file = resolve(io.cwd, args[0] ?? "");
  const network = networkOfBackup(file);
  const other = NETWORKS.find((name) => name !== network && existsSync(databaseFile(home, name)));
  if (other !== undefined) {
    throw HOME_AMBIGUOUS(`${home} holds a database of ${other}, the backup is of ${network}`, {
      field: "--home",
      hint: "give each network a home of its own",
    });
  }
  const witness = readWitness(witnessFile(home, network));
  const { rows, root } = verifyBackup(file, network);
  const lost = witness === undefined ? undefined : Math.max(witness.size - rows, 0);
  if (!dryRun) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const [operation, instance] = [idFrom(io.random(16)), idFrom(io.random(16))];
    const context = { operation, command: "db restore", actor: "setup", now: io.now() };
    const detail = `restored from a backup of ${rows} audit rows; ${lostText(lost)}`;
    restoreStore(file, databaseFile(home, network), { network, instance, detail, context });
    const store = openStore(databaseFile(home, network), { network });
    try {
      writeWitness(witnessFile(home, network), witnessOf(store, network), operation);
    } finally {
      closeStore(store);
    }
  }
  return {
    data: {
      file,
      database: databaseFile(home, network),
      network,
      rows,
      root,
      ...(lost === undefined ? {} : { lost }),
    },
    text: drawFacts([
      ["database", databaseFile(home, network)],
      ["backup", `${file}, verified: ${counted(rows, "audit row")}, root ${root}`],
      ["lost", lostText(lost)],
      ["quarantine", "nothing is built, exported, approved or sent first until two admins have signed"],
    ]),
    next: "custody db reconcile",
  };
};

function lostText(lost: number | undefined): string {
  return lost === undefined
    ? "how many rows came after it is not known"
    : `${counted(lost, "audit row")} came after it, by the witness that lay in the home`;
}
