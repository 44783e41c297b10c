import { POLICY } from "../../core/policy/policy.ts";
import { assertConsistent, assertGenesisSigned } from "../../core/policy/verify.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { compareAdmins } from "../../terminal/admins.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { drawPolicy } from "../policy/draw.ts";
import { pinPolicy } from "./pinned.ts";

/** Pins a policy after comparing every admin's full fingerprint with the card that the admin brought. */
export const run: Run = async (call) => {
  const policy = await readDocument(call, requiredFlag(call.flags, "policy"), POLICY);
  assertConsistent(policy.body);
  assertGenesisSigned(policy);
  await compareAdmins(call, policy.body);
  if (!call.dryRun) pinPolicy(call, policy);
  return {
    data: { digest: policy.digest, number: policy.body.number },
    text: drawFacts([["pinned", `policy number ${policy.body.number}`], ...drawPolicy(policy)]),
    next: "custody desk review review.json",
  };
};
