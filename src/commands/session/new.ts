import { makeDocument } from "../../core/document.ts";
import { DELEGATION } from "../../core/documents/delegation.ts";
import { declareError } from "../../core/errors.ts";
import { addSeconds } from "../../core/instant.ts";
import { holders } from "../../core/policy/roles.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { activeSession } from "../../store/sessions.ts";
import { countFlag, requiredFlag, type Run } from "../../terminal/command.ts";
import { assertCarriable } from "../../terminal/carry.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { dropStaleKeys, makeSessionKey } from "./key.ts";

export const OPERATOR_UNKNOWN = declareError(
  "OPERATOR_UNKNOWN",
  "denied",
  "The active policy names no operator like this.",
);

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    assertCarriable(call);
    const policy = requirePolicy(online);
    const name = requiredFlag(call.flags, "operator");
    const operator = holders(policy.body, "operator").find((identity) => identity.name === name);
    if (operator === undefined) {
      throw OPERATOR_UNKNOWN(`${name} is not an operator of the active policy`, {
        field: "--operator",
        hint: "custody policy show",
      });
    }
    const now = call.io.now();
    const hours = countFlag(call.flags, "hours", { min: 1, max: 24, otherwise: 12 });
    const delegation = makeDocument(DELEGATION, {
      kind: "delegation",
      version: 1,
      network: online.network,
      custody: custodyId(policy),
      operator: operator.name,
      session: makeSessionKey(call),
      notBefore: now,
      expires: addSeconds(now, 3600 * hours),
    });
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, delegation);
    const removed = dropStaleKeys(call, activeSession(online.store, now)?.key);
    return {
      data: {
        file: out,
        digest: delegation.digest,
        session: delegation.body.session,
        expires: delegation.body.expires,
        keysRemoved: removed,
      },
      text: drawFacts([
        ["delegation", `${out}, unsigned, for ${operator.name}`],
        ["digest", grouped(delegation.digest)],
        ["good until", delegation.body.expires],
        ...(removed === 0
          ? []
          : [
              [
                "removed",
                `${removed} session keys older than a day, with which nothing can be started`,
              ] as const,
            ]),
      ]),
      next: `custody desk sign ${shellWord(out)} --as delegate --identity ${operator.name}.key --out delegation.signed.json   (at the operator's desk)`,
    };
  });
