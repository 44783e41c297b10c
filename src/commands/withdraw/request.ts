import type { Call, Outcome, Run } from "../../terminal/command.ts";
import { FLAG_MALFORMED, optionalFlag, requiredFlag } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { REQUEST_FIELDS, readRequest, type RequestField } from "../../withdrawals/intake/fields.ts";
import { requestWithdrawal } from "../../withdrawals/intake/request.ts";
import { change, newId, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** One request by flags, or a file of them. */
export const run: Run = async (call) => {
  const path = optionalFlag(call.flags, "file");
  // What a person has left out is said before anything is opened.
  if (path === undefined) {
    const text = fieldsOf(call);
    return withOnline(call, (online) => requestOne(online, text));
  }
  return withOnline(call, async (online) => {
    const both = REQUEST_FIELDS.find((field) => optionalFlag(call.flags, field) !== undefined);
    if (both !== undefined) {
      throw FLAG_MALFORMED(`--${both} says of one request what --file says of many`, {
        field: `--${both}`,
        hint: `leave --${both} out, or --file`,
      });
    }
    // Loaded for a file alone: the reader of CSV would slow every single request down.
    return (await import("./request-file.ts")).requestFile(online, path);
  });
};

function fieldsOf({ flags }: Call) {
  const given = (field: RequestField) => requiredFlag(flags, field);
  return {
    customer: given("customer"),
    asset: given("asset"),
    amount: given("amount"),
    to: given("to"),
    key: given("key"),
    memo: optionalFlag(flags, "memo"),
  };
}

function requestOne(online: Online, text: ReturnType<typeof fieldsOf>): Outcome {
  const { io } = online.call;
  const policy = requirePolicy(online);
  const { operator } = requireSession(online);
  const request = readRequest(text, policy.body, (field) => `--${field}`);
  const { withdrawal, created } = change(online, (tx, operation) =>
    requestWithdrawal(PORTS, tx, request, {
      policy,
      requester: operator,
      now: io.now(),
      operation,
      id: newId(online),
    }),
  );
  return {
    data: { ...describe(withdrawal), created },
    text: drawFacts([
      ["request", created ? "stored, its amount is held" : "known: this key asked for the same before"],
      ...drawWithdrawal(withdrawal),
    ]),
    next:
      withdrawal.state === "PENDING_APPROVAL"
        ? `custody withdraw bundle ${withdrawal.id} --out bundle.json   (then: custody desk review bundle.json)`
        : `custody withdraw show ${withdrawal.id}`,
  };
}
