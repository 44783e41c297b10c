import { parseDigest, type Digest } from "../../../src/core/digest.ts";
import { custodyId, type PolicyDocument } from "../../../src/core/policy/policy.ts";
import { checkWords, fullWords } from "../../../src/core/words.ts";
import { compareAdmins } from "../../../src/terminal/admins.ts";
import { optionalFlag, type Call } from "../../../src/terminal/command.ts";
import { drawChanges, policyChanges } from "../../../src/terminal/policy-changes.ts";
import { ask, CANCELLED, RETYPED_WRONG } from "../../../src/terminal/prompt.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import type { Loaded } from "../../keystore/load.ts";
import { assertConfirmFlag } from "../confirm-flag.ts";
import { drawPolicyWallets, newWallets } from "./wallets.ts";

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
  showWallets(call, last, pinned);
  call.io.stderr.write(
    drawFacts([
      ["digest", grouped(last.digest)],
      ["in words", fullWords(last.digest)],
      ["check words", checkWords(last.digest)],
    ]),
  );
  await compareDigest(call, last.digest, `Pin policy number ${last.body.number}?`);
}

async function confirmCustody(call: Call, policy: PolicyDocument): Promise<void> {
  showWallets(call, policy, undefined);
  const custody = custodyId(policy);
  call.io.stderr.write(
    drawFacts([
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ["check words", checkWords(custody)],
    ]),
  );
  await compareDigest(call, custody, "Do all 24 words stand on the admins' screens too?");
}

/**
 * Registers the wallets together with the policy: its digest commits to every key of theirs, all 256 bits of it (B5). A
 * scanner may type the digest in the place of an answer, from a screen that is not the online host's.
 */
async function compareDigest({ io }: Call, digest: Digest, question: string): Promise<void> {
  const answer = await ask(io, `${question} Yes, or the whole digest by scan. [y/N]`, "--confirm");
  if (/^y(es)?$/i.test(answer)) return;
  const scanned = answer.replace(/\s+/g, "").toLowerCase();
  if (scanned === digest) return;
  if (!/^[0-9a-f]{16,}$/.test(scanned)) throw CANCELLED("not confirmed; nothing was pinned");
  throw RETYPED_WRONG("the digest that was scanned is another policy's; nothing was pinned", {
    field: "policy",
    hint: "custody policy show   (on an admin's desk: compare wallets key by key with what is shown here)",
  });
}

function showWallets({ io }: Call, policy: PolicyDocument, pinned: PolicyDocument | undefined): void {
  const wallets = newWallets(policy, pinned);
  if (wallets.length === 0) return;
  io.stderr.write(pinned === undefined ? "Its wallets:\n" : "New wallets, or wallets with other keys:\n");
  io.stderr.write(drawFacts(drawPolicyWallets(policy, wallets)));
}

async function typeCustody({ io }: Call, policy: PolicyDocument): Promise<void> {
  io.stderr.write(
    "Nothing is pinned here yet. Read the custody id at another signer or at a desk\n(policy show); the online host's screen proves nothing.\n",
  );
  const question = "The custody id, all 64 digits:";
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
