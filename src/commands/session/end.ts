import { activeSession, endSession } from "../../store/sessions.ts";
import type { Run } from "../../terminal/command.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { dropSessionKey } from "./key.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    // One that was left idle is ended all the same.
    const session = activeSession(online.store, call.io.now()) ?? requireSession(online);
    const { operator, key } = session;
    change(online, (tx) => endSession(tx), operator);
    if (!call.dryRun) dropSessionKey(call.home, key);
    return {
      data: { operator },
      text: `session of ${operator} ended`,
      next: "custody session new --operator NAME --out delegation.json",
    };
  });
