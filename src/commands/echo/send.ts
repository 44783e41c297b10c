import { parseNetwork } from "../../core/chain.ts";
import { documentBytes, makeDocument } from "../../core/document.ts";
import { REHEARSAL, type RehearsalDocument } from "../../core/documents/rehearsal.ts";
import { toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { assertCarriable, carry } from "../../terminal/carry.ts";
import {
  countFlag,
  optionalFlag,
  requiredFlag,
  switchedOn,
  type Call,
  type Run,
} from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { drawFacts } from "../../terminal/table.ts";

const SIZE_MIN = 500;

/** A test file to be carried to the signer, of about the size that is asked for. */
export const run: Run = async (call) => {
  assertCarriable(call);
  const document = testFile(call);
  const bytes = documentBytes(document);
  const out = requiredFlag(call.flags, "out");
  writeOutput(call.io, out, bytes, { force: switchedOn(call.flags, "force") });
  const frames = await carry(call, bytes, {
    type: "custody-rehearsal",
    title: "Rehearsal: a test file",
    digest: document.digest,
  });
  return {
    data: { file: out, bytes: bytes.length, digest: document.digest, frames },
    text: out === "-" ? "" : drawFacts([["test file", `${out}, ${bytes.length} bytes`]]),
    next: "custody-signer echo --in test.json --out answer.json   (at the signer)",
  };
};

function testFile({ io, flags }: Call): RehearsalDocument {
  const network = parseNetwork(optionalFlag(flags, "network") ?? "regtest", "--network");
  const size = countFlag(flags, "size", { min: SIZE_MIN, max: LIMITS.carriedBytesMax, otherwise: 20_000 });
  const make = (noise: string) =>
    makeDocument(REHEARSAL, { kind: "rehearsal", version: 1, network, content: { type: "sent", noise } });
  const frame = documentBytes(make("")).length;
  return make(toHex(io.random((size - frame) >> 1)));
}
