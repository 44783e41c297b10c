/** Withdrawal requests that come in many at a time, committed in groups under the session's operator. */
import { idFrom } from "../core/identifier.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { groupCommit } from "../store/group-commit.ts";
import { noteSessionUse } from "../store/sessions.ts";
import { requestWithdrawal, type Requested, type WithdrawalRequest } from "../withdrawals/intake/request.ts";
import {
  change,
  commandOf,
  newId,
  requirePolicy,
  requireSession,
  SESSION_MISSING,
  type Online,
} from "./online.ts";
import { PORTS } from "./ports.ts";

export type Intake = {
  /**
   * @returns the request, once it is durable
   * @throws what `requestWithdrawal` throws, about this request alone; SESSION_MISSING, SESSION_IDLE, POLICY_MISSING and
   *   the store's errors, about all of its group
   */
  request(request: WithdrawalRequest): Promise<Requested>;
  close(): Promise<void>;
};

/** Opens the intake for one run of a command: all of its requests belong to one operation. */
export function openIntake(online: Online): Intake {
  const { call, store } = online;
  const { id: session, operator } = requireSession(online);
  // What the witness gives reason to doubt is recorded before the first group, as before every other change.
  change(online, () => undefined);
  const operation = idFrom(call.io.random(16));
  const command = commandOf(call);
  // Asked by each group anew: while a long file runs, the policy may change and the session may end.
  const commits = groupCommit(store, (tx): PolicyDocument => {
    if (requireSession(online).id !== session) {
      throw SESSION_MISSING("the session under which this began has ended", {
        field: "session",
        hint: "give the file again: what stands already changes nothing",
      });
    }
    noteSessionUse(tx, session);
    return requirePolicy(online);
  });
  return {
    request: (request) =>
      commits.write({ operation, command, actor: operator, now: call.io.now() }, (tx, policy) =>
        requestWithdrawal(PORTS, tx, request, {
          policy,
          requester: operator,
          now: tx.now,
          operation: tx.operation,
          id: newId(online),
        }),
      ),
    close: () => commits.close(),
  };
}
