import { documentBytes, withSignature } from "../../../src/core/document.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { signDigest } from "../../../src/core/signature.ts";
import { fullWords } from "../../../src/core/words.ts";
import { shellWord } from "../../../src/core/shell-word.ts";
import { assertCarriable, carryDocument } from "../../../src/terminal/carry.ts";
import { requiredFlag, switchedOn, type Call, type Run } from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load, type Loaded } from "../../keystore/load.ts";
import { openSigner } from "../open-identity.ts";
import { namingOf, notNamed, readPolicy } from "./draft.ts";

/**
 * Proof of possession: the signer signs the first policy that names its epoch, whatever that policy's number. It
 * believes nothing yet.
 */
export const run: Run = async (call) => {
  assertCarriable(call);
  const loaded = load(homeOfCall(call));
  const draft = await readPolicy(call, requiredFlag(call.flags, "in"), loaded.signer);
  const naming = namingOf(draft.body, loaded.signer);
  if (naming.as !== "itself" || naming.entry.since !== draft.body.number) throw notNamed(loaded.signer);
  const out = requiredFlag(call.flags, "out");
  const proven = await signed(call, loaded, draft);
  if (!call.dryRun)
    writeOutput(call.io, out, documentBytes(proven), { force: switchedOn(call.flags, "force") });
  await carryDocument(call, proven, `Policy number ${draft.body.number}, signed by ${loaded.signer.name}`);
  return {
    data: { digest: draft.digest, words: fullWords(draft.digest), signer: loaded.signer.name, file: out },
    text: drawFacts([
      ["proven", `${loaded.signer.name} holds the key that policy number ${draft.body.number} names`],
      ["digest", grouped(draft.digest)],
      ["in words", fullWords(draft.digest)],
      ["written to", out],
    ]),
    next: `custody policy import ${shellWord(out)}`,
  };
};

async function signed(call: Call, { signer }: Loaded, draft: PolicyDocument): Promise<PolicyDocument> {
  const open = await openSigner(call, signer);
  try {
    // The draft's own time: no clock reading of this machine is ever remembered or told (law 12).
    return withSignature(draft, signDigest(draft.digest, open.seed, draft.body.issued));
  } finally {
    open.wipe();
  }
}
