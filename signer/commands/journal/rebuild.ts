import { counted } from "../../../src/core/count.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { PublicKey } from "../../../src/core/ed25519.ts";
import { declareError } from "../../../src/core/errors.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import type { PolicySigner } from "../../../src/core/policy/policy.ts";
import type { Call, Outcome, Run } from "../../../src/terminal/command.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { assemble, assertArchived, keyOf, namedArchives, type Assembled } from "../../journal/archive.ts";
import { writeArchive } from "../../journal/archive-file.ts";
import { appendJournal, tornWarnings } from "../../journal/journal-file.ts";
import { makeLine, withLine, type Journal, type JournalLine } from "../../journal/journal.ts";
import { takeLock, type Lock } from "../../journal/lock.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load, pinnedPolicies, POLICY_NOT_PINNED, type Loaded } from "../../keystore/load.ts";
import { openSigner } from "../open-identity.ts";
import { readPieces, type Pieces } from "./pieces.ts";

export const ARCHIVE_STRANGER = declareError(
  "ARCHIVE_STRANGER",
  "denied",
  "What was given is not of a former epoch of this signer, as the pinned policies name them.",
);

/** A former epoch, put together. */
type Former = { readonly epoch: number; readonly lines: readonly JournalLine[] };

/** `leftOut` counts what the files hold and no former epoch has signed as it stands, nor a person whose word it says it is. */
type Rebuilt = { readonly former: readonly Former[]; readonly leftOut: number };

/**
 * Takes over what former epochs have signed, voided and been forbidden. It is bound to the policies that this signer has
 * pinned: only journals of keys that they name count, so that nobody can make up a past.
 */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    const pieces = await readPieces(call);
    const { former, leftOut } = assembleAll(pieces, loaded);
    const known = new Set(namedArchives(loaded.read.journal.lines));
    const news = former.filter(({ lines }) => !known.has(lastHead(lines)));
    const { head } =
      news.length === 0 || call.dryRun ? loaded.read.journal : await write(call, loaded, news, lock);
    return outcome(call, loaded, { former, leftOut, head });
  } finally {
    lock.release();
  }
};

function assembleAll(pieces: Pieces, loaded: Loaded): Rebuilt {
  const epochs = formerEpochs(loaded);
  const { archive } = loaded.read.journal;
  const left: Assembled["leftOut"][] = [];
  const former = [...pieces.byKey].map(([key, { lines, receipts }]): Former => {
    const entry = epochs.get(key);
    if (entry === undefined) throw stranger(key, loaded);
    // What was taken over before stays in: an archive only ever grows.
    const kept = archive.filter(({ signature }) => signature.by === key);
    const { lines: all, leftOut } = assemble(
      { lines: [...kept, ...lines], receipts, documents: pieces.documents },
      key,
    );
    left.push(leftOut);
    if (headOf((all[0] as JournalLine).entry) !== entry.startHead) throw stranger(key, loaded);
    return { epoch: entry.epoch, lines: all };
  });
  former.sort((a, b) => a.epoch - b.epoch);
  former.forEach(({ lines }, place) =>
    assertArchived(lines, [archive, ...former.slice(0, place).map((one) => one.lines)]),
  );
  return { former, leftOut: countLeftOut(pieces, left) };
}

// Words and voids were offered to every epoch: one that any of them could take is not false.
function countLeftOut({ documents, unsigned }: Pieces, left: readonly Assembled["leftOut"][]): number {
  const offered = new Set<unknown>(documents);
  const own = left.flatMap((one) => [...one].filter((piece) => !offered.has(piece)));
  const refused = documents.filter((document) => left.every((one) => one.has(document)));
  return own.length + refused.length + unsigned;
}

/** Entries that the pinned policies have for earlier epochs of this signer, by key. */
function formerEpochs(loaded: Loaded): ReadonlyMap<PublicKey, PolicySigner> {
  const { signer, policy } = loaded;
  if (policy === undefined) {
    throw POLICY_NOT_PINNED("no policy is pinned that could name the former epochs", {
      field: "policy",
      hint: "custody-signer policy pin --in policy-1.json --in policy-2.json   (all of them, in order)",
    });
  }
  const entries = pinnedPolicies(loaded).flatMap(({ body }) => body.signers);
  return new Map(
    entries
      .filter(({ name, epoch }) => name === signer.name && epoch < signer.epoch)
      .map((entry) => [entry.key, entry]),
  );
}

// The archive goes to disk before the entry that names it: an entry without its archive would stop this signer.
async function write(call: Call, loaded: Loaded, news: readonly Former[], lock: Lock): Promise<Journal> {
  const { home, signer, read } = loaded;
  const open = await openSigner(call, signer);
  try {
    let journal = read.journal;
    const lines = news.map((former) => {
      const last = former.lines[former.lines.length - 1] as JournalLine;
      // Its journal time becomes ours: signed time that a former epoch has seen is not to be lived twice (law 12).
      const line = makeLine(journal, "import", headOf(last.entry), last.entry.at, open.seed);
      journal = withLine(journal, line);
      return line;
    });
    lock.assertHeld();
    for (const { epoch, lines: kept } of news) writeArchive(home, epoch, kept, call.io.random(8));
    return appendJournal(home.journalFile, read, ...lines).journal;
  } finally {
    open.wipe();
  }
}

function outcome(
  { dryRun }: Call,
  { read }: Loaded,
  { former, leftOut, head }: Rebuilt & { readonly head: Digest },
): Outcome {
  const epochs = former.map(({ epoch, lines }) => ({
    epoch,
    key: keyOf(lines) as string,
    entries: lines.length,
    head: lastHead(lines),
    time: (lines[lines.length - 1] as JournalLine).entry.at,
  }));
  return {
    data: { epochs, head, rebuilt: !dryRun, leftOut },
    text: drawFacts([
      ...epochs.map(
        ({ epoch, entries, head: last, time }) =>
          [
            `epoch ${epoch}`,
            `${counted(entries, "entry", "entries")} to ${time}, head ${grouped(last)}`,
          ] as const,
      ),
      ["journal head", grouped(head)],
    ]),
    warnings: [
      ...tornWarnings(read),
      ...leftOutWarnings(leftOut),
      "compare the former epoch's head with the last line of its logbook: what it signed after that head is not known here; families born before this epoch stay refused",
      "write the journal head into the logbook that is kept apart from this machine",
    ],
    next: "custody-signer doctor",
  };
}

function leftOutWarnings(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    `${counted(count, "piece")} of the files left out: receipts, entries or words whose signature is false, or not of the epoch that they stand with; if you believed a file true, find out who changed it`,
  ];
}

function lastHead(lines: readonly JournalLine[]): Digest {
  return headOf((lines[lines.length - 1] as JournalLine).entry);
}

function stranger(key: PublicKey, { signer }: Loaded) {
  return ARCHIVE_STRANGER(
    `no pinned policy names ${key} as an epoch of ${signer.name} before ${signer.epoch}`,
    {
      field: "--from",
      hint: "custody-signer policy show; pin every policy from number 1 first",
      details: { key },
    },
  );
}
