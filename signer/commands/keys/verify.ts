import { declareError } from "../../../src/core/errors.ts";
import { parseName } from "../../../src/core/identifier.ts";
import { requiredFlag, switchedOn, type Run } from "../../../src/terminal/command.ts";
import { drawFacts } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { publicFacts } from "../../keystore/seed-file.ts";
import { isExtended, readBackup } from "./read-backup.ts";
import { seedNamed } from "./store.ts";

export const WORDS_OF_ANOTHER_SEED = declareError(
  "WORDS_OF_ANOTHER_SEED",
  "verification",
  "Words or shares are a valid backup, but of another seed.",
);

/** Proves a paper backup: the words or shares give this seed's fingerprint and account key. Nothing is replaced. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const seed = seedNamed(
    loadSeeds(home),
    parseName(requiredFlag(call.flags, "name"), "--name"),
    home.network,
  );
  const { name } = seed;
  const shares = seed.standard === "slip39" || switchedOn(call.flags, "slip39");
  const extended = isExtended(call) || (seed.passphrase && !shares);
  const secret = await readBackup(call, home.network, { shares, extended });
  try {
    const facts = publicFacts(secret.bytes, home.network, secret.form);
    const what = shares ? "shares" : "words";
    if (facts.fingerprint !== seed.fingerprint || facts.descriptor !== seed.descriptor) {
      throw WORDS_OF_ANOTHER_SEED(
        `these ${what} give fingerprint ${facts.fingerprint}, seed ${name} has ${seed.fingerprint}`,
        {
          field: "words",
          hint: extended
            ? "try the passphrase again, or look for the right sheet; nothing was changed"
            : "look for the right sheet; nothing was changed",
        },
      );
    }
    return {
      data: { name, network: home.network, fingerprint: seed.fingerprint, verified: true },
      text: drawFacts([
        ["seed", `${name}: the ${what} restore it`],
        ["fingerprint", seed.fingerprint],
      ]),
    };
  } finally {
    secret.wipe();
  }
};
