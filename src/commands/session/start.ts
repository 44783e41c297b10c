import { assertBelongs } from "../../core/document.ts";
import { DELEGATION } from "../../core/documents/delegation.ts";
import { declareError } from "../../core/errors.ts";
import { countSignatures, withCountedSignatures } from "../../core/policy/counting.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { saveDocument } from "../../store/documents.ts";
import { startSession } from "../../store/sessions.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { change, newId, requirePolicy, withOnline } from "../../home/online.ts";
import { readSessionKey } from "./key.ts";
import { assertShortLived } from "./short-lived.ts";

export const DELEGATION_UNSIGNED = declareError(
  "DELEGATION_UNSIGNED",
  "verification",
  "A delegation is not signed by its operator.",
);
export const DELEGATION_NOT_IN_FORCE = declareError(
  "DELEGATION_NOT_IN_FORCE",
  "denied",
  "A delegation is not in force at this time.",
);

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const delegation = await readDocument(call, requiredFlag(call.flags, "delegation"), DELEGATION);
    assertBelongs(delegation, { network: online.network, custody: custodyId(policy) });
    const { operator, session: key, notBefore, expires } = delegation.body;
    if (
      !countSignatures(policy.body, "operator", delegation).some(({ identity }) => identity.name === operator)
    ) {
      throw DELEGATION_UNSIGNED(`the delegation is not signed by ${operator}`, {
        field: "delegation.signatures",
        hint: "custody desk sign delegation.json --as delegate --identity NAME.key --out delegation.signed.json",
      });
    }
    assertShortLived(delegation);
    const now = call.io.now();
    if (now < notBefore || now >= expires) {
      throw DELEGATION_NOT_IN_FORCE(`the delegation is in force from ${notBefore} to ${expires}`, {
        field: "delegation.expires",
        hint: "custody session new",
      });
    }
    (await readSessionKey(call, key)).fill(0);
    const { version } = change(
      online,
      (tx) => {
        saveDocument(tx, withCountedSignatures(policy.body, ["operator"], delegation));
        return startSession(tx, { id: newId(online), operator, key, delegation: delegation.digest, expires });
      },
      operator,
    );
    return {
      data: { operator, expires, resumed: version > 1 },
      text: drawFacts([["session", `${operator}, until ${expires}${version > 1 ? ", taken up again" : ""}`]]),
      next: "custody status",
    };
  });
