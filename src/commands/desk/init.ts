import { isSameWallet } from "../../chains/same-wallet.ts";
import { APPROVAL, type ApprovalDocument } from "../../core/documents/approval.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertGenesisSigned, assertSuccession } from "../../core/policy/succession.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { checkWords } from "../../core/words.ts";
import { compareAdmins } from "../../terminal/admins.ts";
import { repeatedFlag, requiredFlag, type Call, type Outcome, type Run } from "../../terminal/command.ts";
import { drawChanges, policyChanges } from "../../terminal/policy-changes.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { drawPolicy } from "../policy/draw.ts";
import { confirmReading } from "./confirmation.ts";
import { assertNoneMissed } from "./missed.ts";
import { pinnedIfAny, pinPolicy } from "./pinned.ts";

/**
 * Pins the policy that this desk judges by: the first after comparing every admin's full fingerprint with the card that
 * the admin brought, each later one because the pinned one vouches for it.
 */
export const run: Run = async (call) => {
  const policy = await readDocument(call, requiredFlag(call.flags, "policy"), POLICY);
  const pinned = await pinnedIfAny(call);
  if (pinned?.digest === policy.digest)
    return pinnedOutcome(policy, drawPolicy(policy), ["this policy is pinned here already"]);
  assertConsistent(policy.body);
  const facts = pinned === undefined ? await takeFirst(call, policy) : await takeNext(call, pinned, policy);
  if (!call.dryRun) pinPolicy(call, policy);
  return pinnedOutcome(policy, facts);
};

type Facts = readonly (readonly [string, string])[];

async function takeFirst(call: Call, policy: PolicyDocument): Promise<Facts> {
  assertGenesisSigned(policy);
  await compareAdmins(call, policy.body);
  return drawPolicy(policy);
}

// Whoever holds this file can have written it: only the policy that is pinned can vouch for the next (succession).
async function takeNext(call: Call, pinned: PolicyDocument, policy: PolicyDocument): Promise<Facts> {
  const releases: ApprovalDocument[] = [];
  for (const file of repeatedFlag(call.flags, "release"))
    releases.push(await readDocument(call, file, APPROVAL));
  assertNoneMissed(pinned, policy);
  const { way } = assertSuccession(pinned, policy, releases, isSameWallet);
  const facts: Facts = [
    ["made binding by", way === "recovery" ? "the RECOVERY quorum: the admins did not sign" : "the admins"],
    ...drawChanges(policyChanges(pinned, policy)),
    ["digest", grouped(policy.digest)],
  ];
  call.io.stderr.write(
    `${drawFacts([["policy", `number ${policy.body.number} follows the pinned one`], ...facts])}\n`,
  );
  await confirmReading(call, { retype: checkWords(policy.digest), confirm: [policy.digest] }, "pin");
  return facts;
}

function pinnedOutcome(policy: PolicyDocument, facts: Facts, warnings: readonly string[] = []): Outcome {
  const { digest, body } = policy;
  return {
    data: { digest, number: body.number },
    text: drawFacts([["pinned", `policy number ${body.number}`], ...facts]),
    warnings,
    next: "custody desk review bundle.json",
  };
}
