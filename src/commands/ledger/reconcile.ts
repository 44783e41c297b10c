import { reconcileAll } from "../../home/chains.ts";
import { distrust, requirePolicy, withOnline } from "../../home/online.ts";
import { countFlag, optionalFlag, type Run } from "../../terminal/command.ts";
import { describeAll, drawCompared, failureOf } from "../reconciliation.ts";

/** Reads the blocks that are new and compares ledger, coins on the chain and attempts. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const from =
      optionalFlag(call.flags, "fromHeight") === undefined
        ? undefined
        : countFlag(call.flags, "fromHeight", { min: 0, max: 100_000_000, otherwise: 0 });
    const { worst, all, cries } = await reconcileAll(online, policy, from);
    const failure = failureOf(worst) ?? distrust(online);
    return {
      data: describeAll(worst, all),
      text: all.map((compared) => drawCompared(compared, call.io.stdout)).join("\n"),
      warnings: cries.map(({ reason }) => reason),
      failure,
      next: failure === undefined ? "custody withdraw queue" : undefined,
    };
  });
