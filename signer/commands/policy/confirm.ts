import { parseDigest } from "../../../src/core/digest.ts";
import { custodyId, type PolicyDocument } from "../../../src/core/policy/policy.ts";
import { checkWords, fullWords } from "../../../src/core/words.ts";
import { compareAdmins } from "../../../src/terminal/admins.ts";
import { optionalFlag, type Call } from "../../../src/terminal/command.ts";
import { drawChanges, policyChanges } from "../../../src/terminal/policy-changes.ts";
import { ask, CANCELLED, confirm, RETYPED_WRONG } from "../../../src/terminal/prompt.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import type { Loaded } from "../../keystore/load.ts";
import { assertConfirmFlag } from "../confirm-flag.ts";

/**
 * What the officer compares. At the genesis: each admin's key from the admin's own card, and the custody id. Where a
 * signer joins an older custody, its admins may be gone: the custody id, which commits to them, is typed in full from
 * another screen or paper. Every later policy is vouched for by signatures; the officer sees what it changes.
 * @throws ADMIN_KEY_MISMATCH, CONFIRM_MISMATCH, CONFIRM_REGTEST_ONLY, RETYPED_WRONG, CANCELLED
 */
export async function confirmPolicies(
  call: Call,
  policies: readonly PolicyDocument[],
  { policy: pinned }: Loaded,
): Promise<void> {
  const last = policies[policies.length - 1] as PolicyDocument;
  const genesis = pinned === undefined && policies.length === 1;
  if (genesis) await compareAdmins(call, last.body);
  const given = optionalFlag(call.flags, "confirm");
  if (given !== undefined) {
    // One digest for all: each policy names the one before it, down to number 1.
    assertConfirmFlag(given, last.digest, last.body.network, "the digest of the last policy");
    return;
  }
  if (genesis) return confirmCustody(call, last);
  if (pinned === undefined) await typeCustody(call, last);
  for (const [index, policy] of policies.entries()) {
    const previous = index === 0 ? pinned : policies[index - 1];
    if (previous !== undefined) showChanges(call, previous, policy);
  }
  call.io.stderr.write(drawFacts([["check words", checkWords(last.digest)]]));
  if (await confirm(call.io, `Pin policy number ${last.body.number}?`, "--confirm")) return;
  throw CANCELLED("not confirmed; nothing was pinned");
}

async function confirmCustody({ io }: Call, policy: PolicyDocument): Promise<void> {
  const custody = custodyId(policy);
  io.stderr.write(
    drawFacts([
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ["check words", checkWords(custody)],
    ]),
  );
  if (await confirm(io, "Do all 24 words stand on the admins' screens too?", "--confirm")) return;
  throw CANCELLED("not confirmed; nothing was pinned");
}

async function typeCustody({ io }: Call, policy: PolicyDocument): Promise<void> {
  const question = "The custody id, all 64 digits, from another screen or paper of this custody:";
  const typed = await ask(io, question, "--confirm");
  if (parseDigest(typed.replace(/\s+/g, "").toLowerCase(), "custody id") === custodyId(policy)) return;
  throw RETYPED_WRONG("these policies belong to another custody; nothing was pinned", {
    field: "custody",
    hint: "custody policy show   (on a machine of this custody that was never lost)",
  });
}

function showChanges({ io }: Call, previous: PolicyDocument, next: PolicyDocument): void {
  io.stderr.write(`Policy number ${next.body.number} changes:\n`);
  io.stderr.write(drawFacts(drawChanges(policyChanges(previous, next))));
}
