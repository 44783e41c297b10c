/** A signer's own files, as whoever could write its disk would leave them: seeds, identity, officers, journal, archives. */
import { makeIdentity, openIdentity, sealIdentity } from "../../../src/core/identity-file.ts";
import { parseSeedFile, seedFileBytes } from "../../../signer/keystore/seed-file.ts";
import { parseSignerFile, sealSignerKey, signerFileBytes } from "../../../signer/keystore/signer-file.ts";
import { makeUnlockFile, parseUnlockFile, unlockFileBytes } from "../../../signer/keystore/unlock-file.ts";
import { assemble, readExport } from "../../../signer/journal/archive.ts";
import { importLines, parseWord } from "../../../signer/journal/import.ts";
import { lineBytes, withLine, type JournalLine } from "../../../signer/journal/journal.ts";
import { parseJournal, parseLines } from "../../../signer/journal/parse.ts";
import { documentBytes } from "../../../src/core/document.ts";
import { concatBytes, utf8 } from "../../../src/core/hex.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { goodRequest, makeCustody, stateFor, vaultSeed } from "../../factory/custody.ts";
import { intent, START_HEAD } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ALICE, fixtureBytes, SIGNER } from "../../factory/identities.ts";
import { noise } from "../../factory/noise.ts";
import { halt, rejection, resume } from "../../factory/words.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import { mutateJson } from "../mutate-json.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";

const PASSPHRASE = utf8("regtest fixture passphrase");
const drawnFrom = (label: string) => ({
  salt: noise(16, `${label} salt`),
  nonce: noise(12, `${label} nonce`),
});

const seedFile: Target = {
  name: "seed-file",
  samples: once(() => [seedFileBytes(vaultSeed())]),
  mutate: mutateJson,
  decode: (input) => seedFileBytes(parseSeedFile(input, "regtest")),
  cases: 1500,
};

const signerFile: Target = {
  name: "signer-file",
  samples: once(() => [
    signerFileBytes({
      network: "regtest",
      name: SIGNER.name,
      epoch: 1,
      key: SIGNER.key,
      startHead: START_HEAD,
      sealed: sealSignerKey(SIGNER.seed, "regtest", PASSPHRASE, drawnFrom("signer")),
    }),
  ]),
  mutate: mutateJson,
  decode: (input) => signerFileBytes(parseSignerFile(input, "regtest")),
  cases: 1500,
};

const unlockFile: Target = {
  name: "unlock-file",
  samples: once(() => {
    let drawn = 0;
    const random = (length: number) => noise(length, `unlock ${drawn++}`);
    const officers = ["olga", "otto"].map((name) => ({ name: name as Name, passphrase: PASSPHRASE }));
    return [unlockFileBytes(makeUnlockFile(fixtureBytes("unlock key").slice(), officers, "regtest", random))];
  }),
  mutate: mutateJson,
  decode: (input) => unlockFileBytes(parseUnlockFile(input, "regtest")),
  cases: 1500,
};

const identityFile: Target = {
  name: "identity-file",
  samples: once(() => [
    sealIdentity(
      makeIdentity(ALICE.name, ALICE.person, ALICE.seed),
      "regtest",
      PASSPHRASE,
      drawnFrom("identity"),
    ),
  ]),
  mutate: mutateJson,
  decode: (input) => {
    // The cost that a file may ask for has a ceiling of its own, a gigabyte and seconds; it is not paid here.
    if (/"costLog2":(?!12\b)[0-9]/.test(textOf(input))) return undefined;
    const { key } = openIdentity(input, "regtest", PASSPHRASE);
    promised(key === ALICE.key, "a file that was changed opens");
    return undefined;
  },
  cases: 600,
};

const custody = makeCustody();
const state = stateFor(custody);

const lines = once(() => {
  const first = signed(goodRequest(custody), state);
  const { journal } = after(state, first);
  const stopped = importLines(journal, [halt(custody.id)], SIGNER.seed).reduce(withLine, journal);
  return stopped.lines.map(lineBytes);
});

/** A journal with one line spoilt, gone, twice or elsewhere. */
const mutateLines: Mutate = (random, sample, samples) => {
  if (random.chance(20)) return mutateBytes(random, sample, samples);
  const all = textOf(sample).split("\n");
  const index = random.below(all.length);
  const line = all[index] ?? "";
  const spoilt =
    line === "" ? "{}" : textOf(mutateJson(random, utf8(line), [utf8(line)])).replaceAll("\n", " ");
  switch (random.below(6)) {
    case 0:
      return utf8(all.filter((_, i) => i !== index).join("\n"));
    case 1:
      return utf8([...all.slice(0, index), line, ...all.slice(index)].join("\n"));
    case 2:
      return utf8(all.toReversed().join("\n"));
    default:
      return utf8(all.with(index, spoilt).join("\n"));
  }
};

const journalSamples = once(() => [concatBytes(...lines()), concatBytes(...lines().slice(0, 2))]);

const journal: Target = {
  name: "journal",
  samples: journalSamples,
  mutate: mutateLines,
  decode: (input) => {
    const read = parseJournal(input, SIGNER.key);
    promised(
      read.length + read.torn === input.length,
      "bytes of the journal are neither read nor called torn",
    );
    return undefined;
  },
  cases: 500,
};

const archive: Target = {
  name: "journal-export",
  samples: journalSamples,
  mutate: mutateLines,
  decode: (input) => {
    const read: readonly JournalLine[] = parseLines(input);
    for (const { key, lines: epoch } of readExport(read)) {
      const { lines: again } = assemble({ lines: [...epoch].reverse(), receipts: [], documents: [] }, key);
      promised(again.length === epoch.length, "an export does not make the journal that it came from");
    }
    return undefined;
  },
  cases: 500,
};

const word: Target = {
  name: "word",
  samples: once(() =>
    [halt(custody.id), rejection(intent()), resume(halt(custody.id))].map((one) =>
      documentBytes(one as never),
    ),
  ),
  mutate: mutateJson,
  decode: (input) => documentBytes(parseWord(input) as never),
  cases: 1500,
};

export const KEYSTORE_TARGETS: readonly Target[] = [
  seedFile,
  signerFile,
  unlockFile,
  identityFile,
  journal,
  archive,
  word,
];
