import { isPsbt } from "../../chains/bitcoin/index.ts";
import { parseCanonical } from "../../core/canonical.ts";
import { DOCUMENT_WRONG_KIND, kindOf } from "../../core/document.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { fromBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Call, Outcome, Run } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { requireSession, withOnline, type Online } from "../../home/online.ts";
import { importers, importPsbt } from "./import-kinds.ts";

export const IMPORT_KIND_UNKNOWN = declareError(
  "IMPORT_KIND_UNKNOWN",
  "invalid",
  "A document of this kind is not imported into the queue.",
);

/** Imports files, each in a transaction of its own and with a result of its own: a bad one takes nothing from the others. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const outcomes: Outcome[] = [];
    for (const path of call.args) outcomes.push(await importFile(online, path));
    const worked = outcomes.filter(({ next }) => next !== undefined);
    return {
      data: outcomes.map(({ data }) => data),
      text: outcomes.map(({ text }) => text).join("\n"),
      warnings: outcomes.flatMap(({ warnings }) => warnings ?? []),
      next: worked.at(-1)?.next,
      failure: outcomes.find(({ failure }) => failure !== undefined)?.failure,
    };
  });

async function importFile(online: Online, path: string): Promise<Outcome> {
  try {
    return importBytes(online, await readFile(online.call, path));
  } catch (error) {
    if (!(error instanceof CustodyError) || error.exit === "cancelled" || error.exit === "local") throw error;
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
      text: `${path}: ${message} (${code})`,
      failure: error,
    };
  }
}

// Other makers' signers write PSBTs in binary or base64.
async function readFile(call: Call, path: string): Promise<Uint8Array> {
  const bytes = await readInput(call.io, path, LIMITS.documentBytesMax);
  const begin = new TextDecoder().decode(bytes.subarray(0, 7));
  return begin === "cHNidP8" ? fromBase64(new TextDecoder().decode(bytes).trim()) : bytes;
}

function importBytes(online: Online, bytes: Uint8Array): Outcome {
  if (isPsbt(bytes)) return importPsbt(online, bytes);
  const kind = kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
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
