import { splitAccount } from "../../core/account.ts";
import { parseDigest } from "../../core/digest.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { declareError } from "../../core/errors.ts";
import { judgeDestination } from "../../core/policy/beneficiaries.ts";
import { findCustomer } from "../../store/customers.ts";
import { findDocument } from "../../store/documents.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";

export const BENEFICIARY_NOT_HERE = declareError(
  "BENEFICIARY_NOT_HERE",
  "notFound",
  "There is no beneficiary with this digest.",
);

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const policy = requirePolicy(online);
    const digest = parseDigest(call.args[0] ?? "", "digest");
    const found = findDocument(online.store, BENEFICIARY, digest);
    if (found === undefined) {
      throw BENEFICIARY_NOT_HERE(`there is no beneficiary ${digest}`, {
        field: "digest",
        hint: "custody beneficiary list",
      });
    }
    const { body, signatures } = found;
    const denial = judgeDestination(policy.body, found, call.io.now());
    const signedBy = signatures.map(
      ({ by }) =>
        policy.body.identities.find(({ key }) => key === by)?.name ??
        (by === body.customerKey ? "the customer's key" : by),
    );
    const customer = findCustomer(online.store, body.customer)?.ref ?? body.customer;
    return {
      data: {
        digest,
        customer,
        account: body.account,
        notBefore: body.notBefore,
        expires: body.expires,
        signedBy,
        inForce: denial === undefined,
        ...(denial === undefined ? {} : { rule: denial[0], why: denial[1] }),
        ...(body.customerKey === undefined ? {} : { customerKey: body.customerKey }),
      },
      text: drawFacts([
        ["beneficiary", digest],
        ["customer", customer],
        ["to", grouped(splitAccount(body.account).address)],
        ["signed by", signedBy.join(", ")],
        ["in force", denial === undefined ? `until ${body.expires}` : `no: ${denial[1]}`],
      ]),
    };
  });
