import { endSession } from "../../store/sessions.ts";
import type { Run } from "../../terminal/command.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { dropSessionKey } from "./key.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { operator, key } = requireSession(online);
    change(online, (tx) => endSession(tx));
    if (!call.dryRun) dropSessionKey(call.home, key);
    return {
      data: { operator },
      text: `session of ${operator} ended`,
      next: "custody session new --operator NAME --out delegation.json",
    };
  });
