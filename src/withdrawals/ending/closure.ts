/**
 * Law 3, for a customer's withdrawal and an intent of our own alike: a family is closed once so many signers have voided it
 * that the others cannot complete an attempt, and all that was signed for it is dead.
 */
import { rungsOf } from "../../chains/attempts.ts";
import { counted } from "../../core/count.ts";
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import { familyOf, sameFamily, type SignedAttempt } from "../../core/documents/family.ts";
import type { Intent } from "../../core/documents/intent.ts";
import { VOID, type VoidDocument } from "../../core/documents/void.ts";
import type { Digest } from "../../core/digest.ts";
import { deceasedAsListed } from "../../core/policy/death.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import { rowFor, saysNo } from "../../core/policy/evaluate.ts";
import type { Policy, PolicyWallet } from "../../core/policy/policy.ts";
import { PLAN_OUT } from "../../core/states/plan.ts";
import { ENDED } from "../../core/states/withdrawal.ts";
import { isDead } from "./dead.ts";
import { listedIn, type Proving } from "./deceased.ts";
import { policiesSince } from "../deciding/evidence.ts";
import { giveBack } from "../following/give-back.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";
import { stepPlan } from "../step.ts";

/** An intent that is not wanted any more, with what is known here of its family. */
type Unwanted = {
  readonly intent: Intent;
  /** Digests of the voids that were imported for it. */
  readonly voids: readonly Digest[];
  readonly plans: readonly PlanRow[];
};

export type Closing<Tx> = Proving<Tx> & Pick<WithdrawalPorts<Tx>, "policiesSince">;

/**
 * Why a family is not closed yet; undefined when law 3 is met. Every wallet that could pay, under any policy since the
 * intent's birth, needs n - m + 1 distinct wallet keys whose holders have voided the family: any m signers then meet one of
 * them. And every attempt that a counted void lists, or that is complete here, must be dead.
 */
export function openFamily<Tx>(
  ports: Closing<Tx>,
  tx: Tx,
  { intent, voids, plans }: Unwanted,
): string | undefined {
  const own = ports
    .findDocuments(tx, VOID, voids)
    .filter(({ body }) => sameFamily(body.family, familyOf(intent)));
  const policies = policiesSince(ports, tx, intent.born);
  const wallets = policies.flatMap((policy) => payersOf(policy, intent));
  if (wallets.length === 0) return "no policy since its birth says which wallets could sign it";
  const open = wallets.map((wallet) => stillOpen(wallet, own)).find((why) => why !== undefined);
  if (open !== undefined) return open;
  return livingPlan(ports, tx, { listed: own.flatMap(({ body }) => body.attempts), plans, policies });
}

/** Which plan was signed for a family and may still settle, in words. */
function livingPlan<Tx>(
  ports: Closing<Tx>,
  tx: Tx,
  { listed, plans, policies: [policy] }: Signed,
): string | undefined {
  // A signer that was rolled back has forgotten what it signed: its void does not list what lies here complete.
  const complete = plans
    .filter(({ id }) => rungsOf(ports.attemptsOf(tx, id)).length > 0)
    .map(({ digest }) => digest);
  const signed = [...new Set([...listed.map(({ plan }) => plan), ...complete])];
  const live = signed.find((digest) => {
    // By all that is listed of it, in voids of other families too: who led it out may stand in one of those alone.
    const named = { digest, listed: listedIn(ports, tx, digest) };
    return policy === undefined || !isDead(ports, tx, policy, named);
  });
  if (live === undefined) return undefined;
  const row = ports.findPlanByDigest(tx, live);
  const why = `plan ${live} was signed and is not dead yet`;
  if (row !== undefined && row.state !== "DROPPED") return why;
  // Lost hours have let it out (F9), and nothing else here names a coin of it: what was dropped is shown nowhere.
  const [coin] = deceasedAsListed(listed.filter(({ plan }) => plan === live))?.conflictKeys ?? [];
  return `${why}; ${row === undefined ? "no row of it is here" : "it was dropped here"}, and it spends coin ${coin}`;
}

type Signed = {
  readonly listed: readonly SignedAttempt[];
  readonly plans: readonly PlanRow[];
  /** The newest first. */
  readonly policies: readonly Policy[];
};

// What is no customer's names its wallet itself; a withdrawal may be paid by any that its row allows.
function payersOf(policy: Policy, intent: Intent): readonly PolicyWallet[] {
  const row = rowFor(policy, intent.type, intent.asset, BigInt(intent.units));
  const names = row?.wallets.filter((name) => intent.type === "withdrawal" || intent.wallet === name) ?? [];
  return policy.wallets.filter(({ name }) => names.includes(name));
}

// A restored signer has its name and its wallet key still, so it counts once; keys that are not ours cannot void.
function stillOpen(wallet: PolicyWallet, voids: readonly VoidDocument[]): string | undefined {
  const needed = wallet.signers.length + wallet.foreign - wallet.threshold + 1;
  const closed = new Set(
    voids.map(({ body }) => body.signer).filter((name) => wallet.signers.includes(name)),
  );
  if (closed.size >= needed) return undefined;
  return `${counted(needed, "signer")} of wallet ${wallet.name} must void it, ${closed.size} ${closed.size === 1 ? "has" : "have"}`;
}

/** How an intent ends that is not wanted any more: by people who said no, or by whoever called it off. */
export function closedBy(
  policy: Policy,
  said: {
    readonly approvals: readonly ApprovalDocument[];
    readonly clearances: readonly ClearanceDocument[];
  },
): "closed, rejected" | "closed, cancelled" {
  const refused =
    said.approvals.some((approval) => approval.body.decision === "reject" && saysNo(policy, approval)) ||
    said.clearances.some(
      (clearance) =>
        clearance.body.decision === "refuse" && countSignatures(policy, "compliance", clearance).length > 0,
    );
  return refused ? "closed, rejected" : "closed, cancelled";
}

/**
 * A family was closed: of its plans those are dead whose members have all ended, for no m signers can sign them any more.
 * A plan whose place a dead one had taken has it back.
 */
export function buryClosed<Tx>(ports: LifePorts<Tx>, tx: Tx, plans: readonly PlanRow[]): void {
  for (const { id } of plans) {
    const plan = ports.getPlan(tx, id);
    const movement = ports.movementOfPlan(tx, id);
    const members = [...ports.withdrawalsOf(tx, id), ...(movement === undefined ? [] : [movement])];
    if (!PLAN_OUT.has(plan.state)) continue;
    if (!members.every(({ state }) => ENDED.has(state))) continue;
    stepPlan(ports, tx, plan, { type: "all its families are closed" });
    if (plan.replaces !== undefined)
      giveBack(ports, tx, ports.getPlan(tx, plan.replaces), "its replacement is dead");
  }
}
