import { isSameWallet } from "../../chains/same-wallet.ts";
import { counted } from "../../core/count.ts";
import { parseDocument, withSignature } from "../../core/document.ts";
import { APPROVAL, type ApprovalDocument } from "../../core/documents/approval.ts";
import { declareError } from "../../core/errors.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { assertFollows } from "../../core/policy/following.ts";
import { missingFor } from "../../core/policy/missing.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { isRelease, releasableFrom } from "../../core/policy/recovery.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { verifySignature } from "../../core/signature.ts";
import type { Call, Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readAnyDocument } from "../documents.ts";
import { readCollected, requireCollected, saveCollected, type Collected } from "./collected.ts";
import { drawMissing } from "./draw.ts";
import { activePolicyOf } from "./next.ts";

export const POLICY_DIFFERS = declareError(
  "POLICY_DIFFERS",
  "conflict",
  "Signed copies are of two different policies.",
);
export const RELEASE_UNFOUNDED = declareError(
  "RELEASE_UNFOUNDED",
  "invalid",
  "A release is not of the policy that is collected here.",
);

/** Merges the signatures of several copies of one policy, and takes the releases of a recovery. */
export const run: Run = async (call) => {
  const active = await activePolicyOf(call);
  const { policy, releases } = await collect(call, active);
  assertConsistent(policy.body);
  if (active !== undefined) assertFollows(active, policy, isSameWallet);
  if (!call.dryRun) saveCollected(call, { policy, releases });
  const missing = missingFor(active, policy, releases);
  const from = active === undefined ? undefined : releasableFrom(active, policy);
  const { number } = policy.body;
  const names = [...new Set(missing.flatMap(({ who }) => who))];
  return {
    data: {
      digest: policy.digest,
      number,
      signatures: policy.signatures.length,
      releases: releases.length,
      missing: names,
      quorums: missing.map((one) => ({ ...one, who: [...one.who] })),
      ...(from === undefined ? {} : { releasableFrom: from }),
    },
    text: drawFacts([
      ["policy", `number ${number}, ${counted(policy.signatures.length, "signature")}`],
      ...(missing.length === 0 ? [["missing", "none"] as const] : drawMissing(missing)),
      ...(from === undefined
        ? []
        : [["recovery", `a release counts when signed at ${from} or later`] as const]),
    ]),
    next:
      missing.length === 0 ? "custody policy activate" : "custody policy import FILE…   (the missing ones)",
  };
};

async function collect(call: Call, active: PolicyDocument | undefined): Promise<Collected> {
  const copies: PolicyDocument[] = [];
  const released: ApprovalDocument[] = [];
  for (const path of call.args) {
    const { kind, bytes } = await readAnyDocument(call, path);
    if (kind === APPROVAL.kind) released.push(parseDocument(APPROVAL, bytes));
    else copies.push(parseDocument(POLICY, bytes));
  }
  const [first] = copies;
  // What was collected for another draft is replaced by what people sign now.
  const before = first === undefined ? await requireCollected(call) : await readCollected(call);
  const same = first === undefined || before?.policy.digest === first.digest ? before : undefined;
  const policy = [...(same === undefined ? [] : [same.policy]), ...copies].reduce(merge);
  const fresh = released.map((release) => checkedRelease(release, policy, active));
  const releases = new Map([...(same?.releases ?? []), ...fresh].map((one) => [JSON.stringify(one), one]));
  return { policy, releases: [...releases.values()] };
}

// Signatures that do not verify are left out: they would take the place of true ones.
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

function checkedRelease(
  release: ApprovalDocument,
  policy: PolicyDocument,
  active: PolicyDocument | undefined,
): ApprovalDocument {
  const counted =
    active !== undefined && isRelease(active, policy, release)
      ? withCountedSignatures(active.body, ["recovery"], release)
      : undefined;
  if (counted !== undefined && counted.signatures.length > 0) return counted;
  throw RELEASE_UNFOUNDED("the approval does not release the collected policy, by a recovery key", {
    field: "approval.intent",
    hint: "custody policy import POLICY…   (the signed policy first), then the release",
  });
}
