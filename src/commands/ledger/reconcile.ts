import { withNode } from "../../home/node.ts";
import { distrust, requirePolicy, withOnline } from "../../home/online.ts";
import { reconcileNow } from "../../home/trust.ts";
import { countFlag, optionalFlag, type Run } from "../../terminal/command.ts";
import { describeCompared, drawCompared, failureOf } from "../reconciliation.ts";

/** Reads the blocks that are new and compares ledger, coins on the chain and attempts. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const from =
      optionalFlag(call.flags, "fromHeight") === undefined
        ? undefined
        : countFlag(call.flags, "fromHeight", { min: 0, max: 100_000_000, otherwise: 0 });
    const { compared, cries } = await withNode(call, policy, (node) =>
      reconcileNow(online, policy, node, from),
    );
    const failure = failureOf(compared) ?? distrust(online);
    return {
      data: describeCompared(compared),
      text: drawCompared(compared, call.io.stdout),
      warnings: cries.map(({ reason }) => reason),
      failure,
      next: failure === undefined ? "custody withdraw queue" : undefined,
    };
  });
