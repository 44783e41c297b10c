import { utf8 } from "../../../src/core/hex.ts";
import { parseName } from "../../../src/core/identifier.ts";
import { optionalFlag, requiredFlag, switchedOn, type Run } from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import { ask } from "../../../src/terminal/prompt.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { mixEntropy, parseDice, wordsOf } from "../../keystore/seed.ts";
import { openSigner } from "../open-identity.ts";
import { assertNameFree, seedOutcome, storeSeed } from "./store.ts";
import { assertTerminal, assertWordsFile, showWords } from "./words.ts";

/** Makes a seed. The words are seen once, by the person at the terminal. */
export const run: Run = async (call) => {
  const { io, flags } = call;
  const home = homeOfCall(call);
  const name = parseName(requiredFlag(flags, "name"), "--name");
  const wordsOut = optionalFlag(flags, "wordsOut");
  if (wordsOut === undefined) assertTerminal(call);
  else assertWordsFile(home.network, "--words-out");
  assertNameFree(home, name);
  if (call.dryRun)
    return { data: { name, network: home.network, made: false }, text: `would make seed ${name}` };

  const open = await openSigner(call, loadSigner(home));
  const system = io.random(32);
  try {
    const typed = switchedOn(flags, "dice") ? parseDice(await ask(io, "Dice rolls (1 to 6):", "--dice")) : "";
    const entropy = mixEntropy(system, typed);
    try {
      // The words are proven to be on paper, or in the file, before a seed exists that only they could bring back.
      if (wordsOut === undefined) await showWords(call, wordsOf(entropy));
      else writeOutput(io, wordsOut, utf8(`${wordsOf(entropy)}\n`));
      return seedOutcome("made", storeSeed(call, home, name, entropy, open));
    } finally {
      entropy.fill(0);
    }
  } finally {
    system.fill(0);
    open.wipe();
  }
};
