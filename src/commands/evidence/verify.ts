import { CODECS } from "../../chains/codecs.ts";
import { counted } from "../../core/count.ts";
import { parseDigest } from "../../core/digest.ts";
import { EVIDENCE } from "../../core/documents/evidence.ts";
import { declareError } from "../../core/errors.ts";
import { VERDICTS, type Claim } from "../../evidence/claim.ts";
import { verifyEvidence } from "../../evidence/verify.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";

export const EVIDENCE_FAILED = declareError(
  "EVIDENCE_FAILED",
  "verification",
  "A file of evidence holds something that contradicts a claim.",
);

export const run: Run = async (call) => {
  const given = optionalFlag(call.flags, "policyDigest");
  const custody = given === undefined ? undefined : parseDigest(given, "--policy-digest");
  const document = await readDocument(call, call.args[0] ?? "", EVIDENCE);
  const claims = verifyEvidence(document, CODECS, custody);
  const failed = claims.filter(({ verdict }) => verdict === "FAILED");
  const counts = VERDICTS.map((verdict) => ({
    verdict,
    count: claims.filter((claim) => claim.verdict === verdict).length,
  }));
  return {
    data: {
      withdrawal: document.body.withdrawal,
      digest: document.digest,
      custody: document.body.custody,
      claims: claims.map(({ by, ...claim }) => ({ ...claim, by: [...by] })),
    },
    text: `${drawFacts(claims.map(drawClaim))}\n${counts.map(({ verdict, count }) => `${count} ${verdict}`).join(", ")}`,
    failure:
      failed.length === 0
        ? undefined
        : EVIDENCE_FAILED(`${failed.length} of ${counted(claims.length, "claim")} fail`, {
            field: failed[0]?.claim ?? "",
            hint: "ask for the file again: custody evidence export ID --out evidence.json",
            details: { failed: failed.map(({ claim }) => claim) },
          }),
  };
};

function drawClaim({ claim, about, verdict, says, by }: Claim): readonly [string, string] {
  const where = about === "" ? "" : ` [${about}]`;
  const whose = by.length === 0 ? "" : ` (${by.join(", ")})`;
  return [verdict, `${claim}${where}: ${says}${whose}`];
}
