import { existsSync, mkdirSync } from "node:fs";
import { NETWORKS, parseNetwork } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import { idFrom } from "../core/identifier.ts";
import { closeStore, openStore } from "../store/database.ts";
import { requiredFlag, type Run } from "../terminal/command.ts";
import { drawFacts } from "../terminal/table.ts";
import { databaseFile, HOME_AMBIGUOUS } from "../home/online.ts";
import { witnessFile, witnessOf, writeWitness } from "../home/witness.ts";

export const DATABASE_LOST = declareError(
  "DATABASE_LOST",
  "conflict",
  "A home's witness is there and its database is not: an empty one in its place would know of no payment.",
);

/** Makes the online home. Running it again on the same home and network changes nothing. */
export const run: Run = async ({ io, flags, home, dryRun }) => {
  const network = parseNetwork(requiredFlag(flags, "network"), "--network");
  const other = NETWORKS.find((name) => name !== network && existsSync(databaseFile(home, name)));
  if (other !== undefined) {
    throw HOME_AMBIGUOUS(`${home} already holds a database of ${other}`, {
      field: "--home",
      hint: "give each network a home of its own",
    });
  }
  const file = databaseFile(home, network);
  const made = !existsSync(file);
  if (made && existsSync(witnessFile(home, network))) {
    throw DATABASE_LOST(`${home} held a database of ${network}, which is gone`, {
      field: "--home",
      hint: "custody db restore FILE   (docs/runbooks/database-restored.md)",
    });
  }
  if (!dryRun) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const store = openStore(file, { network, create: made });
    if (made) writeWitness(witnessFile(home, network), witnessOf(store, network), idFrom(io.random(16)));
    closeStore(store);
  }
  return {
    data: { home, network, database: file, made },
    text: drawFacts([
      ["network", network],
      ["database", `${file}${made ? "" : " (was there already)"}`],
    ]),
    next: "custody policy import policy.*.json",
  };
};
