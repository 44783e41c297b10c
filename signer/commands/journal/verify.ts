import { counted } from "../../../src/core/count.ts";
import { parsePublicKey } from "../../../src/core/ed25519.ts";
import { headOf, JOURNAL_BROKEN } from "../../../src/core/journal-entry.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import {
  optionalFlag,
  requiredFlag,
  type Call,
  type Outcome,
  type Run,
} from "../../../src/terminal/command.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { readExport } from "../../journal/archive.ts";
import { tornWarnings } from "../../journal/journal-file.ts";
import type { JournalLine } from "../../journal/journal.ts";
import { parseLines } from "../../journal/parse.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";

/** Reading the journal verifies all of it; this says so. */
export const run: Run = async (call) => {
  const path = optionalFlag(call.flags, "export");
  if (path !== undefined) return verifyExport(call, path);
  const { read, signer } = load(homeOfCall(call));
  const { lines, archive, head, time } = read.journal;
  return {
    data: {
      verified: true,
      entries: lines.length,
      former: archive.length,
      head,
      time,
      signer: signer.name,
      key: signer.key,
    },
    text: drawFacts([
      [
        "journal",
        `verified, ${counted(lines.length, "entry", "entries")}: chain, times, signatures, documents`,
      ],
      ...(archive.length === 0
        ? []
        : [["former epochs", `verified, ${counted(archive.length, "entry", "entries")}`] as const]),
      ["signer", `${signer.name}, epoch ${signer.epoch}, ${grouped(signer.key)}`],
      ["head", grouped(head)],
      ["journal time", time],
    ]),
    warnings: tornWarnings(read),
  };
};

// The key is the caller's to give: a journal alone says no more than that somebody signed it.
async function verifyExport(call: Call, path: string): Promise<Outcome> {
  const key = parsePublicKey(requiredFlag(call.flags, "key"), "--key");
  const bytes = await readCarried(call.io, path, LIMITS.journalBytesMax, "--export");
  const lines = parseLines(bytes);
  const epochs = readExport(lines);
  const own = epochs[epochs.length - 1];
  if (own?.key !== key) {
    throw JOURNAL_BROKEN("the export is the journal of another signer or epoch", {
      field: "--key",
      hint: "take the key from the signer's card: custody-signer keys export",
    });
  }
  const former = epochs.slice(0, -1).reduce((count, epoch) => count + epoch.lines.length, 0);
  const beyond = lines.length - former - own.lines.length;
  const last = own.lines[own.lines.length - 1] as JournalLine;
  const head = headOf(last.entry);
  return {
    data: { verified: true, entries: own.lines.length, former, head, time: last.entry.at, key },
    text: drawFacts([
      [
        "export",
        `verified, ${counted(own.lines.length, "entry", "entries")}: chain, times, signatures, documents`,
      ],
      ...(former === 0
        ? []
        : [["former epochs", `verified, ${counted(former, "entry", "entries")}`] as const]),
      ["head", grouped(head)],
      ["journal time", last.entry.at],
    ]),
    warnings:
      beyond === 0
        ? []
        : [
            `${counted(beyond, "entry", "entries")} of former epochs were not taken over: nothing is said of them`,
          ],
  };
}
