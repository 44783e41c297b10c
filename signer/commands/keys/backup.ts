import { parseName } from "../../../src/core/identifier.ts";
import { optionalFlag, requiredFlag, type Run } from "../../../src/terminal/command.ts";
import { drawFacts } from "../../../src/terminal/table.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { bip32SeedOf } from "../../keystore/seed.ts";
import { formOf, openSeed } from "../../keystore/seed-file.ts";
import { openSigner } from "../open-identity.ts";
import { askSeedPassphrases, wipePassphrases } from "../open-seeds.ts";
import { dealShares, groupsOf } from "./shares.ts";
import { seedNamed } from "./store.ts";
import { assertTerminal, assertWordsFile } from "./words.ts";

/**
 * Shows SLIP-39 shares of a seed that is here, one by one. What is shared is the BIP-32 seed: of a seed of words these
 * are another backup, from which the words do not come back, and of one with a passphrase they need none.
 */
export const run: Run = async (call) => {
  const { flags } = call;
  const home = homeOfCall(call);
  const seed = seedNamed(loadSeeds(home), parseName(requiredFlag(flags, "name"), "--name"), home.network);
  const groups = groupsOf(call, requiredFlag(flags, "slip39"));
  const wordsOut = optionalFlag(flags, "wordsOut");
  if (wordsOut === undefined) assertTerminal(call);
  else assertWordsFile(home.network, "--words-out");

  const open = await openSigner(call, loadSigner(home));
  try {
    const passphrases = await askSeedPassphrases(call, [seed], open);
    const extension = passphrases.get(seed.name);
    const secret = openSeed(seed, open.passphrase, extension);
    const master = bip32SeedOf(secret, formOf(seed, extension));
    secret.fill(0);
    wipePassphrases(passphrases);
    try {
      await dealShares(call, master, groups, seed.fingerprint, wordsOut);
    } finally {
      master.fill(0);
    }
  } finally {
    open.wipe();
  }
  const shares = groups.groups.reduce((sum, { count }) => sum + count, 0);
  return {
    data: { name: seed.name, network: home.network, fingerprint: seed.fingerprint, shares },
    text: drawFacts([
      ["seed", `${seed.name}: ${shares} SLIP-39 shares written down`],
      ["fingerprint", seed.fingerprint],
    ]),
    next: `custody-signer keys verify --name ${seed.name} --slip39`,
    warnings: seed.passphrase
      ? ["these shares restore the seed without its BIP-39 passphrase: keep them as you keep both together"]
      : [],
  };
};
