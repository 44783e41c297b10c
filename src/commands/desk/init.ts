import { declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { holders } from "../../core/policy/roles.ts";
import { assertConsistent, assertGenesisSigned } from "../../core/policy/verify.ts";
import { repeatedFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { ask } from "../../terminal/prompt.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { drawPolicy } from "../policy/draw.ts";
import { pinPolicy } from "./pinned.ts";

export const FINGERPRINT_DIFFERS = declareError(
  "FINGERPRINT_DIFFERS",
  "verification",
  "A fingerprint from a person's card is not the one in the policy.",
);

/** Pins a policy after comparing every admin's full fingerprint with the card that the admin brought. */
export const run: Run = async (call) => {
  const policy = await readDocument(call, requiredFlag(call.flags, "policy"), POLICY);
  assertConsistent(policy.body);
  assertGenesisSigned(policy);
  await compareAdmins(call, policy);
  if (!call.dryRun) pinPolicy(call, policy);
  return {
    data: { digest: policy.digest, number: policy.body.number },
    text: drawFacts([["pinned", `policy number ${policy.body.number}`], ...drawPolicy(policy)]),
    next: "custody desk review review.json",
  };
};

async function compareAdmins(call: Call, policy: PolicyDocument): Promise<void> {
  const given = new Map(
    repeatedFlag(call.flags, "admin").map((pair) => pair.split("=") as [string, string | undefined]),
  );
  for (const admin of holders(policy.body, "admin")) {
    const typed =
      given.get(admin.name) ??
      (await ask(call.io, `Fingerprint on ${admin.person}'s card:`, `--admin ${admin.name}=…`));
    if (typed.replace(/\s+/g, "").toLowerCase() === admin.key) continue;
    throw FINGERPRINT_DIFFERS(`the fingerprint given for ${admin.name} is not the one in this policy`, {
      field: "--admin",
      hint: "stop and compare the card with its owner: this may be a forged policy",
    });
  }
}
