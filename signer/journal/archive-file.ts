/** Archives of former epochs on disk: the journal names the head of each, so that none can be taken away or cut. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { headOf, JOURNAL_BROKEN } from "../../src/core/journal-entry.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { asFileError, writeFileDurably } from "../../src/terminal/files.ts";
import { keyOf, namedArchives, takenOver, verifyEpoch } from "./archive.ts";
import { bytesOfLines, type Journal, type JournalLine } from "./journal.ts";
import { parseLines } from "./parse.ts";

/** Where the home keeps its journals. */
export type ArchivePlace = { readonly folder: string; readonly network: string };

export function archiveFile({ folder, network }: ArchivePlace, epoch: number): string {
  return join(folder, `journal-${network}-epoch-${epoch}.jsonl`);
}

/** Replaces the archive of `epoch`; it is on disk when this returns. */
export function writeArchive(
  place: ArchivePlace,
  epoch: number,
  lines: readonly JournalLine[],
  random: Uint8Array,
): void {
  writeFileDurably(archiveFile(place, epoch), bytesOfLines(lines), true, random);
}

/**
 * The journal with the archives that it names. A file that it does not name, or what stands behind the head that it
 * names, is left out: it was not taken in by a person.
 * @throws JOURNAL_BROKEN when an archive is missing, cut or changed
 */
export function withArchives(journal: Journal, place: ArchivePlace): Journal {
  const named = namedArchives(journal.lines);
  if (named.length === 0) return journal;
  const archive = takenOver(journal.lines, archiveFiles(place).map(readArchive));
  const heads = new Set(archive.map(({ entry }) => headOf(entry)));
  const missing = named.find((head) => !heads.has(head));
  if (missing === undefined) return { ...journal, archive };
  throw JOURNAL_BROKEN("the journal of a former epoch that was taken over is missing or cut", {
    field: "journal",
    hint: "put its file back from the home's backup; without it this signer forgets what it has signed",
    details: { head: missing },
  });
}

function readArchive(path: string): readonly JournalLine[] {
  try {
    if (statSync(path).size > LIMITS.journalBytesMax)
      throw JOURNAL_BROKEN("an archive is larger than what is read", { field: "journal" });
    const lines = parseLines(new Uint8Array(readFileSync(path)));
    const key = keyOf(lines);
    if (key !== undefined) verifyEpoch(lines, key);
    return lines;
  } catch (error) {
    throw asFileError(error, path, "journal");
  }
}

// In order of epochs, by number: epoch 10 comes after epoch 9.
function archiveFiles({ folder, network }: ArchivePlace): readonly string[] {
  if (!existsSync(folder)) return [];
  const pattern = new RegExp(`^journal-${network}-epoch-([0-9]{1,7})\\.jsonl$`);
  return readdirSync(folder)
    .flatMap((name) => {
      const found = pattern.exec(name);
      return found === null ? [] : [{ name, epoch: Number.parseInt(found[1] as string, 10) }];
    })
    .sort((a, b) => a.epoch - b.epoch)
    .map(({ name }) => join(folder, name));
}
