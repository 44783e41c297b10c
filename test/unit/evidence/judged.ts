/** One story, its evidence, and what an auditor concludes from evidence. */
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { type EvidenceDocument } from "../../../src/core/documents/evidence.ts";
import type { Claim, ClaimName } from "../../../src/evidence/claim.ts";
import { verifyEvidence } from "../../../src/evidence/verify.ts";
import { evidenceOf, tellStory } from "../../factory/evidence.ts";

export const story = tellStory();
export const good = evidenceOf(story);
export const judge = (document: EvidenceDocument, custody: Digest = story.custody.id) =>
  verifyEvidence(document, [bitcoinCodec], custody);

/** The verdicts of one claim, in order. */
export function verdicts(document: EvidenceDocument, name: ClaimName): readonly string[] {
  return judge(document)
    .filter(({ claim }) => claim === name)
    .map(({ verdict }) => verdict);
}

export function one(document: EvidenceDocument, name: ClaimName): Claim {
  return judge(document).find(({ claim }) => claim === name) as Claim;
}
