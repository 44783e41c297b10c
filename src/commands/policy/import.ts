import { withSignature } from "../../core/document.ts";
import { declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertConsistent, missingSignatures } from "../../core/policy/verify.ts";
import { verifySignature } from "../../core/signature.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { readCollected, saveCollected } from "./collected.ts";

export const POLICY_DIFFERS = declareError(
  "POLICY_DIFFERS",
  "conflict",
  "Signed copies are of two different policies.",
);

/** Merges the signatures of several copies of one policy. Signatures that do not verify are left out. */
export const run: Run = async (call) => {
  const copies = await Promise.all(call.args.map((path) => readDocument(call, path, POLICY)));
  const before = await readCollected(call);
  const [first] = copies;
  const merged = [
    ...(before?.digest === first?.digest && before !== undefined ? [before] : []),
    ...copies,
  ].reduce(merge);
  assertConsistent(merged.body);
  if (!call.dryRun) saveCollected(call, merged);
  const missing = missingSignatures(merged);
  return {
    data: {
      digest: merged.digest,
      number: merged.body.number,
      signatures: merged.signatures.length,
      missing: [...missing],
    },
    text: drawFacts([
      ["policy", `number ${merged.body.number}, ${merged.signatures.length} signatures`],
      ["missing", missing.length === 0 ? "none" : missing.join(", ")],
    ]),
    next:
      missing.length === 0 ? "custody policy activate" : "custody policy import FILE…   (the missing ones)",
  };
};

function merge(left: PolicyDocument, right: PolicyDocument): PolicyDocument {
  if (left.digest !== right.digest) {
    throw POLICY_DIFFERS("the files are copies of two different policies", {
      field: "files",
      hint: "everyone signs the same draft: compare the digests with custody desk review",
    });
  }
  return right.signatures
    .filter((signature) => verifySignature(right.digest, signature))
    .reduce((policy, signature) => withSignature(policy, signature), { ...left });
}
