import { sha256 } from "../../core/digest.ts";
import { parseDocument } from "../../core/document.ts";
import { REHEARSAL, REHEARSED } from "../../core/documents/rehearsal.ts";
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { readCarried } from "../../terminal/carried.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";

export const ECHO_NOT_ANSWER = declareError(
  "ECHO_NOT_ANSWER",
  "invalid",
  "A rehearsal's file is the one that was sent, not what a signer has answered.",
);
export const ECHO_DIFFERS = declareError(
  "ECHO_DIFFERS",
  "verification",
  "What arrived at the signer in a rehearsal is not what was sent.",
);

/** Whether the bytes that arrived at the signer are those that were sent. */
export const run: Run = async ({ io, flags }) => {
  const path = requiredFlag(flags, "in");
  const answer = parseDocument(REHEARSAL, await readCarried(io, path, REHEARSAL.bytesMax, "--in"));
  const { content } = answer.body;
  if (content.type !== "answer") {
    throw ECHO_NOT_ANSWER(`${path} is a test file, no signer has answered it yet`, {
      field: "--in",
      hint: "custody-signer echo --in test.json --out answer.json   (at the signer)",
    });
  }
  const sent = await readInput(io, requiredFlag(flags, "sent"), LIMITS.documentBytesMax, "--sent");
  const digest = toHex(sha256(sent));
  if (content.arrived !== digest || content.bytes !== sent.length) {
    throw ECHO_DIFFERS(`${sent.length} bytes were sent; ${content.bytes} bytes arrived, or other ones`, {
      field: "--sent",
      hint: "give the very file that was carried; if it is, carry it again: the way across changes what it carries",
    });
  }
  return {
    data: { same: true, bytes: content.bytes, arrived: content.arrived, signed: false },
    text: drawFacts([
      ["came back", `${content.bytes} bytes, none changed`],
      ["arrived", grouped(content.arrived)],
    ]),
    warnings: [REHEARSED],
  };
};
