/**
 * A withdrawal is not wanted any more. Before a quorum has approved, its hold is released at will; after that the intent
 * is live, and no row in a database calls it back (law 3): it is REVOKING until enough signers have closed its family and
 * all that they have signed for it is dead, or it is paid because it won the race.
 */
import { familyOf, sameFamily } from "../core/documents/family.ts";
import { VOID, type VoidDocument } from "../core/documents/void.ts";
import type { Digest } from "../core/digest.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import type { Policy, PolicyWallet } from "../core/policy/policy.ts";
import { rowFor, saysNo } from "../core/policy/evaluate.ts";
import { countSignatures } from "../core/policy/counting.ts";
import { isDead, type Proving } from "./dead.ts";
import { decisionsOn, everApproved, evidenceOf, policiesSince } from "./evidence.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** States from which nothing is revoked: it has ended, is being revoked, or a block holds its payment. */
const BEYOND: ReadonlySet<WithdrawalState> = new Set([
  "CONFIRMING",
  "COMPLETED",
  "REVOKING",
  "REJECTED",
  "CANCELLED",
]);

/**
 * Ends a withdrawal, or begins to.
 * @param end its state once the hold is released
 * @returns the row as it was where it is too late
 */
export function revoke<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { end, reason, policy }: { end: "REJECTED" | "CANCELLED"; reason: string; policy: Policy },
): WithdrawalRow {
  if (BEYOND.has(withdrawal.state)) return withdrawal;
  const waiting = withdrawal.state === "PENDING_APPROVAL" || withdrawal.state === "REQUESTED";
  const event = end.toLowerCase();
  if (waiting && !everApproved(ports, tx, withdrawal))
    return stepWithdrawal(ports, tx, withdrawal, { to: end, event, reason });
  const revoking = stepWithdrawal(ports, tx, withdrawal, { to: "REVOKING", event: `${event}, live`, reason });
  return releaseIfClosed(ports, tx, revoking, policy);
}

type Evident<Tx> = Proving<Tx> & Pick<WithdrawalPorts<Tx>, "decisionsOf" | "policiesSince">;

/** Releases the hold of a withdrawal that is REVOKING, once law 3 is met. */
export function releaseIfClosed<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  policy: Policy,
): WithdrawalRow {
  if (withdrawal.state !== "REVOKING" || openReason(ports, tx, withdrawal) !== undefined) return withdrawal;
  const { approvals, clearances } = decisionsOn(ports, tx, withdrawal);
  const refused =
    approvals.some((approval) => approval.body.decision === "reject" && saysNo(policy, approval)) ||
    clearances.some(
      (clearance) =>
        clearance.body.decision === "refuse" && countSignatures(policy, "compliance", clearance).length > 0,
    );
  const to = refused ? "REJECTED" : "CANCELLED";
  const released = stepWithdrawal(ports, tx, withdrawal, { to, event: "family closed, hold released" });
  for (const plan of ports.plansOfWithdrawal(tx, withdrawal.id)) buryPlan(ports, tx, plan.id);
  return released;
}

/**
 * Why a hold may not be released yet; undefined when law 3 is met. Every wallet that could pay, under any policy since the
 * intent's birth, needs n - m + 1 distinct wallet keys whose holders have voided the family: any m signers then meet one of
 * them. And every attempt that a counted void lists must be dead.
 */
export function openReason<Tx>(ports: Evident<Tx>, tx: Tx, withdrawal: WithdrawalRow): string | undefined {
  const { intent } = evidenceOf(ports, tx, withdrawal);
  const voids = ports
    .findDocuments(tx, VOID, ports.decisionsOf(tx, withdrawal.id, VOID.kind))
    .filter(({ body }) => sameFamily(body.family, familyOf(intent.body)));
  for (const policy of policiesSince(ports, tx, intent.body.born)) {
    const row = rowFor(policy, intent.body.type, intent.body.asset, BigInt(intent.body.units));
    const wallets = policy.wallets.filter(({ name }) => row?.wallets.includes(name) === true);
    const open = wallets.map((wallet) => stillOpen(wallet, voids)).find((why) => why !== undefined);
    if (open !== undefined) return open;
  }
  const live = liveAttempt(ports, tx, voids, policiesSince(ports, tx, intent.body.born));
  return live === undefined ? undefined : `plan ${live} was signed and is not dead yet`;
}

// A restored signer has its name and its wallet key still, so it counts once; keys that are not ours cannot void.
function stillOpen(wallet: PolicyWallet, voids: readonly VoidDocument[]): string | undefined {
  const needed = wallet.signers.length + wallet.foreign - wallet.threshold + 1;
  const closed = new Set(
    voids.map(({ body }) => body.signer).filter((name) => wallet.signers.includes(name)),
  );
  if (closed.size >= needed) return undefined;
  return `${needed} signers of wallet ${wallet.name} must void it, ${closed.size} have`;
}

function liveAttempt<Tx>(
  ports: Evident<Tx>,
  tx: Tx,
  voids: readonly VoidDocument[],
  policies: readonly Policy[],
): Digest | undefined {
  const attempts = voids.flatMap(({ body }) => body.attempts);
  return attempts.find((attempt) => !isDead(ports, tx, attempt, policies))?.plan;
}

// A plan whose members have all ended, one of them by closed families, can be signed by no m signers any more.
function buryPlan<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, id: WithdrawalRow["id"]): void {
  const plan = ports.getPlan(tx, id);
  const members = ports.withdrawalsOf(tx, id);
  if (!["EXPORTED", "SIGNED", "REPLACED"].includes(plan.state)) return;
  if (!members.every(({ state }) => state === "REJECTED" || state === "CANCELLED")) return;
  ports.movePlan(tx, id, { version: plan.version, to: "DEAD", event: "all its families are closed" });
}
