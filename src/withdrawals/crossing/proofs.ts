/** Proofs of death that a request carries: of each earlier plan of its payments, so that they may spend other coins (law 4). */
import type { DeadDocument } from "../../core/documents/dead.ts";
import { declareError } from "../../core/errors.ts";
import type { Name } from "../../core/identifier.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import { proofOfDeath } from "../ending/dead.ts";
import type { LifePorts } from "../ports.ts";
import type { PlanRow, WithdrawalRow } from "../rows.ts";

export const OPERATOR_VOUCHED = declareError(
  "OPERATOR_VOUCHED",
  "denied",
  "A proof of death has its quorum only with whoever is to lead the next plan out: signers do not count that person.",
);

/**
 * A batch may follow one earlier plan with all of its members. Of each plan one proof: a signer looks at no second.
 * @param leads who signs the request; undefined while it is only measured
 * @throws OPERATOR_VOUCHED
 */
export function proofsCarried<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  members: readonly WithdrawalRow[],
  policy: Policy,
  leads: Name | undefined,
): readonly DeadDocument[] {
  const earlier = members.flatMap(({ id }) => ports.plansOfWithdrawal(tx, id));
  const plans = new Map(earlier.map((plan) => [plan.id, plan]));
  return [...plans.values()].flatMap((plan) => proofFor(ports, tx, plan, policy, leads) ?? []);
}

function proofFor<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  policy: Policy,
  leads: Name | undefined,
): DeadDocument | undefined {
  const proof = proofOfDeath(ports, tx, policy, plan, leads);
  if (proof !== undefined || proofOfDeath(ports, tx, policy, plan) === undefined) return proof;
  throw OPERATOR_VOUCHED(`${leads} has vouched that plan ${plan.id} is dead, and leads its successor out`, {
    field: "dead.signatures",
    hint: "let another operator export it, or another approver sign: custody desk sign dead.json --as dead",
  });
}
