import { splitAccount } from "../../core/account.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { findCustomer } from "../../store/customers.ts";
import { documentDigests, findDocuments } from "../../store/documents.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requireCustomer } from "../customer/find.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const ref = optionalFlag(call.flags, "customer");
    const only = ref === undefined ? undefined : requireCustomer(store, ref).id;
    const found = findDocuments(store, BENEFICIARY, documentDigests(store, BENEFICIARY.kind)).filter(
      ({ body }) => only === undefined || body.customer === only,
    );
    const described = found.map(({ digest, body }) => ({
      digest,
      customer: findCustomer(store, body.customer)?.ref ?? body.customer,
      address: splitAccount(body.account).address,
      notBefore: body.notBefore,
      expires: body.expires,
    }));
    return {
      data: described,
      text: drawTable(
        [{ head: "CUSTOMER" }, { head: "ADDRESS" }, { head: "FROM" }, { head: "UNTIL" }],
        described.map(({ customer, address, notBefore, expires }) => [customer, address, notBefore, expires]),
        call.io.stdout,
      ),
    };
  });
