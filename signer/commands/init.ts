import { existsSync, readFileSync, rmSync } from "node:fs";
import { parseNetwork } from "../../src/core/chain.ts";
import { makeDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import type { Digest } from "../../src/core/digest.ts";
import { publicKeyOf } from "../../src/core/ed25519.ts";
import { parseName, type Name } from "../../src/core/identifier.ts";
import { headOf, JOURNAL_START } from "../../src/core/journal-entry.ts";
import type { Network } from "../../src/core/chain.ts";
import { fullWords } from "../../src/core/words.ts";
import { countFlag, requiredFlag, type Call, type Run } from "../../src/terminal/command.ts";
import { askNewPassphrase } from "../../src/terminal/passphrase.ts";
import { writeFileDurably } from "../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import { createJournal } from "../journal/journal-file.ts";
import { EMPTY_JOURNAL, makeLine, TIME_ZERO } from "../journal/journal.ts";
import { homeAt, makeHome, saveSigner, SIGNER_EXISTS, type Home } from "../keystore/home.ts";
import { sealSignerKey, type SignerFile } from "../keystore/signer-file.ts";
import { unlockFileBytes } from "../keystore/unlock-file.ts";
import { makeShared, unlockersOf } from "./open-together.ts";

/** Makes the signer's identity, with a key of its own in each epoch, and the journal whose first head the policy will name. */
export const run: Run = async (call) => {
  const network = parseNetwork(requiredFlag(call.flags, "network"), "--network");
  const name = parseName(requiredFlag(call.flags, "name"), "--name");
  const epoch = countFlag(call.flags, "epoch", { min: 1, max: 1_000_000, otherwise: 1 });
  const home = homeAt(call.home, network);
  unlockersOf(call);
  assertNew(home);
  if (call.dryRun) {
    return {
      data: { network, name, epoch, home: home.folder, made: false },
      text: `would make ${name} in ${home.folder}`,
    };
  }
  const { key, startHead } = await make(call, home, { network, name, epoch });
  const words = fullWords(key as string as Digest);
  return {
    data: { network, name, key, words, epoch, startHead, home: home.folder },
    text: drawFacts([
      ["signer", `${name}, ${network}, epoch ${epoch}`],
      ["fingerprint", grouped(key)],
      ["in words", words],
      ["start head", grouped(startHead)],
      ["home", home.folder],
    ]),
    next: `custody-signer keys ${epoch === 1 ? "new --name vault" : "restore --name vault --fingerprint HEX"}   (the seed's name is free, the same at all signers is plainest)`,
    warnings: [
      "write the start head into the logbook that is kept apart from this machine",
      ...(epoch === 1 ? [] : [`epoch ${epoch} signs nothing until a policy names it: ${AFTER_A_LOSS}`]),
    ],
  };
};

const AFTER_A_LOSS =
  "keys export, policy prove, policy pin of every policy from number 1, then journal rebuild with what is left of the former epochs";

type Birth = { readonly network: Network; readonly name: Name; readonly epoch: number };

async function make(call: Call, home: Home, { network, name, epoch }: Birth): Promise<SignerFile> {
  const { io } = call;
  const { passphrase, unlock } = await newLock(call, home, name);
  const seed = io.random(32);
  try {
    makeHome(home);
    // What an `init` that crashed has left would lock this signer for good.
    if (unlock === undefined) rmSync(home.unlockFile, { force: true });
    else writeFileDurably(home.unlockFile, unlockFileBytes(unlock), true, io.random(8));
    const key = publicKeyOf(seed);
    // The card at birth knows no wallets and no head yet; the head after its entry is the start head of the epoch.
    const born = makeDocument(SIGNER_CARD, {
      kind: "signer-card",
      version: 1,
      network,
      signer: name,
      key,
      epoch,
      startHead: JOURNAL_START,
      wallets: [],
      cosignerKeys: [],
    });
    const line = makeLine(EMPTY_JOURNAL, "init", born.digest, TIME_ZERO, seed);
    const sealed = sealSignerKey(seed, network, passphrase, { salt: io.random(16), nonce: io.random(12) });
    const signer = { network, name, epoch, key, startHead: headOf(line.entry), sealed };
    createJournal(home.journalFile, line);
    saveSigner(home, signer, io.random(8));
    return signer;
  } finally {
    seed.fill(0);
    passphrase.fill(0);
  }
}

// Officers who open the signer together share a random key, which takes the place of the passphrase.
async function newLock(call: Call, home: Home, name: Name) {
  const officers = unlockersOf(call);
  if (officers.length === 0)
    return { passphrase: await askNewPassphrase(call.io, call.flags, `signer ${name}`), unlock: undefined };
  const { key, file } = await makeShared(call, home, officers);
  return { passphrase: key, unlock: file };
}

// A crash between journal and signer file leaves a journal of one line that no key can continue: it may go.
function assertNew(home: Home): void {
  const exists = SIGNER_EXISTS(`${home.folder} already holds a signer of ${home.network}`, {
    field: "--home",
    hint: "custody-signer keys list, or give another --home",
  });
  if (existsSync(home.signerFile)) throw exists;
  if (!existsSync(home.journalFile)) return;
  const lines = readFileSync(home.journalFile, "latin1").split("\n").length - 1;
  if (lines > 1) throw exists;
  rmSync(home.journalFile);
}
