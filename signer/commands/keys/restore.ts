import { parseName } from "../../../src/core/identifier.ts";
import { requiredFlag, type Run } from "../../../src/terminal/command.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { openSigner } from "../open-identity.ts";
import { assertNameFree, seedOutcome, storeSeed } from "./store.ts";
import { readWords } from "./words.ts";

/** Puts a seed back from its words. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const name = parseName(requiredFlag(call.flags, "name"), "--name");
  assertNameFree(home, name);
  const entropy = await readWords(call, home.network);
  try {
    if (call.dryRun)
      return { data: { name, network: home.network, made: false }, text: `would restore seed ${name}` };
    const open = await openSigner(call, loadSigner(home));
    try {
      return seedOutcome("restored", storeSeed(call, home, name, entropy, open));
    } finally {
      open.wipe();
    }
  } finally {
    entropy.fill(0);
  }
};
