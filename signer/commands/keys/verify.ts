import { declareError } from "../../../src/core/errors.ts";
import { parseName } from "../../../src/core/identifier.ts";
import { requiredFlag, type Run } from "../../../src/terminal/command.ts";
import { drawFacts } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { publicFacts } from "../../keystore/seed-file.ts";
import { SEED_MISSING } from "./store.ts";
import { readWords } from "./words.ts";

export const WORDS_OF_ANOTHER_SEED = declareError(
  "WORDS_OF_ANOTHER_SEED",
  "verification",
  "Words are a valid phrase, but of another seed.",
);

/** Proves a paper backup: the words give this seed's fingerprint and account key. Nothing is replaced. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const name = parseName(requiredFlag(call.flags, "name"), "--name");
  const seed = loadSeeds(home).find((candidate) => candidate.name === name);
  if (seed === undefined) {
    throw SEED_MISSING(`there is no seed ${name} of ${home.network}`, {
      field: "--name",
      hint: "custody-signer keys list",
    });
  }
  const entropy = await readWords(call, home.network);
  try {
    const facts = publicFacts(entropy, home.network);
    if (facts.fingerprint !== seed.fingerprint || facts.descriptor !== seed.descriptor) {
      throw WORDS_OF_ANOTHER_SEED(
        `these words give fingerprint ${facts.fingerprint}, seed ${name} has ${seed.fingerprint}`,
        {
          field: "words",
          hint: "look for the right sheet; nothing was changed",
        },
      );
    }
    return {
      data: { name, network: home.network, fingerprint: seed.fingerprint, verified: true },
      text: drawFacts([
        ["seed", `${name}: the words restore it`],
        ["fingerprint", seed.fingerprint],
      ]),
    };
  } finally {
    entropy.fill(0);
  }
};
