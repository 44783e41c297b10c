import { LIMITS } from "../../core/limits.ts";
import { parseText } from "../../core/text.ts";
import { shellWord } from "../../core/shell-word.ts";
import { insertCustomer } from "../../store/customers.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { change, newId, requireSession, withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const ref = parseText(requiredFlag(call.flags, "ref"), "--ref", LIMITS.customerRefCharactersMax);
    const { id, state } = change(online, (tx) => insertCustomer(tx, { id: newId(online), ref }));
    return {
      data: { id, ref, state },
      text: `customer ${ref} added, pseudonym ${id}`,
      next: `custody kyc submit --customer ${shellWord(ref)}`,
    };
  });
