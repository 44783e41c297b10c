import { splitAccount } from "../../core/account.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { judgeDestination } from "../../core/policy/beneficiaries.ts";
import { findCustomer } from "../../store/customers.ts";
import { documentDigests, findDocuments } from "../../store/documents.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requireCustomer } from "../customer/find.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const policy = requirePolicy(online);
    const ref = optionalFlag(call.flags, "customer");
    const only = ref === undefined ? undefined : requireCustomer(store, ref).id;
    const found = findDocuments(store, BENEFICIARY, documentDigests(store, BENEFICIARY.kind)).filter(
      ({ body }) => only === undefined || body.customer === only,
    );
    const described = found.map(({ digest, body, signatures }) => ({
      digest,
      customer: findCustomer(store, body.customer)?.ref ?? body.customer,
      address: splitAccount(body.account).address,
      notBefore: body.notBefore,
      expires: body.expires,
      inForce: judgeDestination(policy.body, { digest, body, signatures }, call.io.now()) === undefined,
    }));
    return {
      data: described,
      text: drawTable(
        [
          { head: "CUSTOMER" },
          { head: "ADDRESS" },
          { head: "FROM" },
          { head: "UNTIL" },
          { head: "IN FORCE" },
        ],
        described.map(({ customer, address, notBefore, expires, inForce }) => [
          customer,
          address,
          notBefore,
          expires,
          inForce ? "yes" : "no",
        ]),
        call.io.stdout,
      ),
    };
  });
