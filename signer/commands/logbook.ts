/** The book that is kept apart from the machine: who asks it before each entry, a disk that was put back cannot fool. */
import { counted } from "../../src/core/count.ts";
import { DIGEST_MALFORMED, parseDigest, type Digest } from "../../src/core/digest.ts";
import { declareError, isError } from "../../src/core/errors.ts";
import { optionalFlag, type Call } from "../../src/terminal/command.ts";
import { ask } from "../../src/terminal/prompt.ts";
import type { Journal } from "../journal/journal.ts";
import { hasHead } from "../journal/memory.ts";

export const LOGBOOK_DISAGREES = declareError(
  "LOGBOOK_DISAGREES",
  "denied",
  "The journal lacks the head that stands in the logbook: this signer was rolled back.",
);

/** How often the person may mistype the line's form before the command ends. */
const TRIES = 3;

/** The last line of the book, as typed or given. @throws ANSWER_MISSING, DIGEST_MALFORMED */
export async function askLogbook({ io, flags }: Call): Promise<Digest> {
  const given = optionalFlag(flags, "logbook");
  if (given !== undefined) return parseHead(given);
  for (let left = TRIES - 1; ; left--) {
    const typed = await ask(io, "The last journal head in the logbook, 64 digits:", "--logbook");
    try {
      return parseHead(typed);
    } catch (error) {
      if (left === 0 || !isError(error, DIGEST_MALFORMED)) throw error;
      const digits = typed.replace(/\s+/g, "").length;
      io.stderr.write(
        `no head: ${counted(digits, "character")}, not 64 of 0 to 9 and a to f; type it again\n`,
      );
    }
  }
}

function parseHead(text: string): Digest {
  return parseDigest(text.replace(/\s+/g, "").toLowerCase(), "--logbook");
}

/**
 * Before an entry whose head goes into the book. Without it a machine that was put back would only have to be given
 * something to take in: its new head would be the book's last line, and gate G11 would find the two agreed (law 7).
 * @throws LOGBOOK_DISAGREES, ANSWER_MISSING
 */
export async function assertLogbook(call: Call, journal: Journal): Promise<void> {
  if (hasHead(journal, await askLogbook(call))) return;
  throw LOGBOOK_DISAGREES("the journal has never had the head that the logbook says", {
    field: "--logbook",
    hint: "compare the head with custody-signer journal show; if it was copied right, this machine was rolled back: stop using it",
  });
}
