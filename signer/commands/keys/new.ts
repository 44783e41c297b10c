import { utf8, toHex } from "../../../src/core/hex.ts";
import { isError } from "../../../src/core/errors.ts";
import { parseName, type Name } from "../../../src/core/identifier.ts";
import {
  FLAG_MALFORMED,
  optionalFlag,
  requiredFlag,
  switchedOn,
  type Call,
  type Run,
} from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { ask } from "../../../src/terminal/prompt.ts";
import {
  assertFair,
  COINS,
  DICE,
  HAND_ENTROPY_MALFORMED,
  mixEntropy,
  readSymbols,
  type Source,
} from "../../keystore/hand-entropy.ts";
import { homeOfCall, loadSigner, type Home } from "../../keystore/home.ts";
import { SLIP39, wordsOf } from "../../keystore/seed.ts";
import { publicFacts } from "../../keystore/seed-file.ts";
import type { Groups } from "../../keystore/slip39/groups.ts";
import { openSigner } from "../open-identity.ts";
import { askNewSeedPassphrase, isExtended, secretOf, type Secret } from "./read-backup.ts";
import { dealShares, groupsOf } from "./shares.ts";
import { assertNameFree, seedOutcome, storeSeed } from "./store.ts";
import { CLEAR_SCREEN } from "./type-words.ts";
import { assertTerminal, assertWordsFile, showWords } from "./words.ts";

/** What is to be made, all of it judged before a passphrase is asked for. */
type Plan = {
  readonly home: Home;
  readonly name: Name;
  readonly length: 16 | 32;
  /** SLIP-39 groups; without them the seed is shown as BIP-39 words. */
  readonly groups: Groups | undefined;
  readonly source: Source | undefined;
  readonly extended: boolean;
  readonly wordsOut: string | undefined;
};

/** Makes a seed. Its words or shares are seen once, by the person at the terminal. */
export const run: Run = async (call) => {
  const plan = planOf(call);
  const { home, name } = plan;
  assertNameFree(home, name);
  if (call.dryRun)
    return { data: { name, network: home.network, made: false }, text: `would make seed ${name}` };

  const open = await openSigner(call, loadSigner(home));
  try {
    const symbols = plan.source === undefined ? "" : await throwSymbols(call.io, plan.source);
    const secret = await makeSecret(call, plan, symbols);
    try {
      // The words are proven to be on paper, or in the file, before a seed exists that only they could bring back.
      await showBackup(call, plan, secret);
      return seedOutcome("made", storeSeed(call, home, name, secret, open), recipeOf(plan, symbols.length));
    } finally {
      secret.wipe();
    }
  } finally {
    open.wipe();
  }
};

function planOf(call: Call): Plan {
  const { flags } = call;
  const home = homeOfCall(call);
  const slip39 = optionalFlag(flags, "slip39");
  const words = optionalFlag(flags, "words");
  const extended = isExtended(call);
  if (words !== undefined && words !== "12" && words !== "24") {
    throw FLAG_MALFORMED("--words is neither 12 nor 24", { field: "--words", hint: "leave it out: 24" });
  }
  if (slip39 !== undefined && (words !== undefined || extended)) {
    throw FLAG_MALFORMED("--words and a passphrase belong to BIP-39, not to --slip39", {
      field: "--slip39",
      hint: "leave one of them out",
    });
  }
  const wordsOut = optionalFlag(flags, "wordsOut");
  if (wordsOut !== undefined) assertWordsFile(home.network, "--words-out");
  if (wordsOut === undefined || switchedOn(flags, "showSystemBytes")) assertTerminal(call);
  return {
    home,
    name: parseName(requiredFlag(flags, "name"), "--name"),
    length: words === "12" ? 16 : 32,
    groups: slip39 === undefined ? undefined : groupsOf(call, slip39),
    source: sourceOf(call, home),
    extended,
    wordsOut,
  };
}

// Attack B23: where money lies, no seed rests on one machine's generator alone.
function sourceOf({ flags }: Call, { network }: Home): Source | undefined {
  const [dice, coins] = [switchedOn(flags, "dice"), switchedOn(flags, "coins")];
  if (dice && coins) {
    throw FLAG_MALFORMED("--dice and --coins were both given", {
      field: "--coins",
      hint: "leave one of them out",
    });
  }
  if (coins) return COINS;
  return dice || network !== "regtest" ? DICE : undefined;
}

async function throwSymbols(io: Io, source: Source): Promise<string> {
  const what = source.name === "dice" ? "Dice rolls, 1 to 6" : "Coin flips, h or t";
  io.stderr.write(
    `Throw ${source.needed} times and type what falls: as many to a line as you like, then Enter.\n`,
  );
  let symbols = "";
  while (symbols.length < source.needed) {
    const line = await ask(io, `${what} (${symbols.length} of ${source.needed}):`, `--${source.name}`);
    try {
      symbols += readSymbols(source, line);
    } catch (error) {
      if (!isError(error, HAND_ENTROPY_MALFORMED)) throw error;
      io.stderr.write(`${error.message}; that line was left out\n`);
    }
  }
  assertFair(source, symbols);
  return symbols;
}

async function makeSecret(call: Call, plan: Plan, symbols: string): Promise<Secret> {
  const { io } = call;
  const system = io.random(32);
  try {
    if (switchedOn(call.flags, "showSystemBytes")) await showSystemBytes(io, system);
    const bytes = mixEntropy(system, symbols, plan.length);
    if (plan.groups !== undefined) return secretOf(bytes, SLIP39);
    const passphrase = plan.extended ? await askNewSeedPassphrase(call, plan.name) : undefined;
    return secretOf(bytes, { standard: "bip39", passphrase });
  } finally {
    system.fill(0);
  }
}

/** Whoever has these bytes and the throws has the seed: they are for a check on another offline machine. */
async function showSystemBytes(io: Io, system: Uint8Array): Promise<void> {
  io.stderr.write(
    `${CLEAR_SCREEN}This machine's 32 bytes, as hex; with your throws they ARE the seed. Shown once:\n\n${toHex(system)}\n`,
  );
  await ask(io, "\nPress enter when you have what you need.", "--show-system-bytes");
  io.stderr.write(CLEAR_SCREEN);
}

async function showBackup(call: Call, { groups, wordsOut, home }: Plan, secret: Secret): Promise<void> {
  if (groups !== undefined) {
    const { fingerprint } = publicFacts(secret.bytes, home.network, secret.form);
    return dealShares(call, secret.bytes, groups, fingerprint, wordsOut);
  }
  if (wordsOut === undefined) return showWords(call, wordsOf(secret.bytes));
  writeOutput(call.io, wordsOut, utf8(`${wordsOf(secret.bytes)}\n`));
}

/** How the entropy was made, in words that let it be made again elsewhere. */
function recipeOf({ length, source, groups }: Plan, throws: number): string {
  const typed =
    source === undefined
      ? "nothing typed"
      : `${throws} ${source.name === "dice" ? "rolls as the digits 1 to 6" : "flips as 1 for heads and 0 for tails"} in ASCII`;
  const use =
    groups === undefined ? "the entropy of the words (BIP-39)" : "the master secret of the shares (SLIP-39)";
  return `the first ${length} bytes of SHA-256(32 system bytes, then ${typed}) are ${use}`;
}
