/**
 * A plan that signers' voids alone name: hours that this database has lost had exported it (F9). What waits for its end are the
 * promises here whose signers list it (law 3).
 */
import type { Digest } from "../../core/digest.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { endIfClosed } from "../../treasury/close.ts";
import type { MovementRow } from "../../treasury/ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { LifePorts } from "../ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { assertPaysOthers } from "./dead.ts";
import { voidsListing } from "./deceased.ts";
import { releaseIfClosed } from "./revoke.ts";

type Promises = {
  readonly withdrawals: readonly WithdrawalRow[];
  readonly movements: readonly MovementRow[];
};

type Reading<Tx> = Pick<
  LifePorts<Tx>,
  | "attemptsOf"
  | "documentDigests"
  | "findDocuments"
  | "findMovement"
  | "findWithdrawal"
  | "intentsOfPlan"
  | "plansOfMovement"
  | "plansOfWithdrawal"
>;

function promisesListing<Tx>(ports: Reading<Tx>, tx: Tx, digest: Digest): Promises {
  const ids = [...new Set(voidsListing(ports, tx, digest).map(({ body }) => body.family.intent))];
  return {
    withdrawals: ids.flatMap((id) => ports.findWithdrawal(tx, id) ?? []),
    movements: ids.flatMap((id) => ports.findMovement(tx, id) ?? []),
  };
}

/**
 * Asserts that what took a coin of such a plan does not pay all whom voids name it for.
 * @throws DEAD_UNFOUNDED
 */
export function assertPaysNoneOfLost<Tx>(ports: Reading<Tx>, tx: Tx, digest: Digest, spentBy: Digest): void {
  const { withdrawals, movements } = promisesListing(ports, tx, digest);
  const promises = [
    ...withdrawals.flatMap(({ id, intent }) => (intent === undefined ? [] : [{ withdrawal: id, intent }])),
    ...movements.map(({ intent }) => ({ withdrawal: undefined, intent })),
  ];
  const plans = [
    ...withdrawals.flatMap(({ id }) => ports.plansOfWithdrawal(tx, id)),
    ...movements.flatMap((movement) => ports.plansOfMovement(tx, movement)),
  ];
  assertPaysOthers(ports, tx, { promises, plans }, spentBy);
}

/** Releases what was revoked and waited for nothing but such a plan's end. */
export function releaseListing<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  digest: Digest,
  policy: Policy,
): Promises {
  const { withdrawals, movements } = promisesListing(ports, tx, digest);
  return {
    withdrawals: withdrawals.map((withdrawal) => releaseIfClosed(ports, tx, withdrawal, policy)),
    movements: movements.map((movement) => endIfClosed(ports, tx, movement, policy)),
  };
}
