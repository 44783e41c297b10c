import { isPsbt } from "../../chains/bitcoin/index.ts";
import { parseCanonical } from "../../core/canonical.ts";
import { DOCUMENT_WRONG_KIND, kindOf, parseDocument } from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { CLEARANCE } from "../../core/documents/clearance.ts";
import { REHEARSAL, REHEARSED } from "../../core/documents/rehearsal.ts";
import { HALT } from "../../core/documents/halt.ts";
import { CustodyError, declareError, isError } from "../../core/errors.ts";
import { fromBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Call, Outcome, Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readCarried } from "../../terminal/carried.ts";
import { DECISION_TOO_LATE } from "../../withdrawals/deciding/decide.ts";
import { change, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { importAnswer, importPsbt } from "./import-foreign.ts";
import { importers } from "./import-kinds.ts";
import { warnOfLate } from "./late.ts";

export const IMPORT_KIND_UNKNOWN = declareError(
  "IMPORT_KIND_UNKNOWN",
  "invalid",
  "A document of this kind is not imported into the queue.",
);

export const REHEARSAL_ONLY = declareError(
  "REHEARSAL_ONLY",
  "denied",
  "A rehearsal's answer was given where a receipt is wanted: nothing was signed.",
);

/** Imports files, each in a transaction of its own and with a result of its own: a bad one takes nothing from the others. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const outcomes: Outcome[] = [];
    for (const path of call.args) outcomes.push(await importFile(online, path));
    const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
    const worked = outcomes.filter(({ next }) => next !== undefined);
    return {
      data: outcomes.map(({ data }) => data),
      // Of a file alone, the error below says it.
      text:
        call.args.length === 1 && failure !== undefined ? "" : outcomes.map(({ text }) => text).join("\n"),
      warnings: outcomes.flatMap(({ warnings }) => warnings ?? []),
      next: worked.at(-1)?.next,
      failure,
    };
  });

async function importFile(online: Online, path: string): Promise<Outcome> {
  let bytes: Uint8Array = new Uint8Array();
  try {
    bytes = await readFile(online.call, path);
    return importBytes(online, bytes);
  } catch (error) {
    if (!(error instanceof CustodyError) || error.exit === "cancelled" || error.exit === "local") throw error;
    const warnings = isError(error, DECISION_TOO_LATE) ? noteRefused(online, bytes) : [];
    const { code, message, field, hint } = error;
    return {
      data: {
        file: path,
        error: {
          code,
          message,
          ...(field === undefined ? {} : { field }),
          ...(hint === undefined ? {} : { hint }),
        },
      },
      text: drawFacts([
        ["file", path],
        ["refused", `${message} (${code})`],
      ]),
      warnings,
      failure: error,
    };
  }
}

// In a transaction of its own: the import's was taken back with the refusal.
function noteRefused(online: Online, bytes: Uint8Array): readonly string[] {
  const kind = kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (kind !== APPROVAL.kind && kind !== CLEARANCE.kind) return [];
  const document = kind === APPROVAL.kind ? parseDocument(APPROVAL, bytes) : parseDocument(CLEARANCE, bytes);
  return change(online, (tx) => warnOfLate(tx, requirePolicy(online), document));
}

// Other makers' signers write PSBTs in binary or base64.
async function readFile(call: Call, path: string): Promise<Uint8Array> {
  const bytes = await readCarried(call.io, path, LIMITS.documentBytesMax);
  const begin = new TextDecoder().decode(bytes.subarray(0, 7));
  return begin === "cHNidP8" ? fromBase64(new TextDecoder().decode(bytes).trim()) : bytes;
}

// A device's answer for an account: a map of two or three fields, alone or under its tag (`registry/`).
function isCborMap([first = 0]: Uint8Array): boolean {
  return first === 0xa2 || first === 0xa3 || first === 0xd9;
}

function importBytes(online: Online, bytes: Uint8Array): Outcome {
  const psbt = isPsbt(bytes);
  const answer = isCborMap(bytes);
  const kind = psbt || answer ? undefined : kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (kind === REHEARSAL.kind) {
    throw REHEARSAL_ONLY(REHEARSED, {
      field: "kind",
      hint: "custody echo check --in FILE --sent request.json",
    });
  }
  // One person stops, and needs nobody for it (law 13); whatever lets something go on is an operator's act.
  if (kind !== HALT.kind) requireSession(online);
  if (psbt) return importPsbt(online, bytes);
  if (answer) return importAnswer(online, bytes);
  if (kind === undefined) {
    throw DOCUMENT_WRONG_KIND("the file names no kind of document", {
      field: "kind",
      hint: "custody inspect --in FILE   (says what a file is)",
    });
  }
  const importer = importers.get(kind);
  if (importer !== undefined) return importer(online, bytes);
  throw IMPORT_KIND_UNKNOWN(`a ${kind} is not imported into the queue`, {
    field: "kind",
    hint:
      kind === "beneficiary"
        ? "custody beneficiary import FILE"
        : `import ${[...importers.keys()].join(", ")}`,
  });
}
