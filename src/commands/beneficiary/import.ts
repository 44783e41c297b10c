import { assertBelongs } from "../../core/document.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { declareError } from "../../core/errors.ts";
import { countSignatures, withCountedSignatures } from "../../core/policy/evaluate.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { splitAccount } from "../../core/account.ts";
import { parseAddress } from "../../chains/bitcoin/index.ts";
import { findCustomer } from "../../store/customers.ts";
import { findDocument, saveDocument } from "../../store/documents.ts";
import type { Run } from "../../terminal/command.ts";
import { CUSTOMER_UNKNOWN } from "../../withdrawals/request.ts";
import { readDocument } from "../documents.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";

export const BENEFICIARY_UNSIGNED = declareError(
  "BENEFICIARY_UNSIGNED",
  "verification",
  "A beneficiary lacks signatures of its quorum.",
);

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const signed = await Promise.all(call.args.map((path) => readDocument(call, path, BENEFICIARY)));
    for (const document of signed) {
      assertBelongs(document, { network: online.network, custody: custodyId(policy) });
      parseAddress(splitAccount(document.body.account).address, online.network, "beneficiary.account");
      if (findCustomer(online.store, document.body.customer) === undefined) {
        throw CUSTOMER_UNKNOWN("the beneficiary is for a customer who is not here", {
          field: "beneficiary.customer",
        });
      }
      const votes = countSignatures(policy.body, "approver", document).length;
      if (votes < policy.body.quorums.beneficiary) {
        throw BENEFICIARY_UNSIGNED(
          `the beneficiary has ${votes} of ${policy.body.quorums.beneficiary} signatures`,
          {
            field: "beneficiary.signatures",
            hint: "custody desk sign beneficiary.json --as beneficiary --identity NAME.key --out beneficiary.signed.json",
          },
        );
      }
    }
    change(online, (tx) => {
      for (const document of signed) {
        if (findDocument(tx, BENEFICIARY, document.digest) === undefined) {
          tx.audit({
            entity: "beneficiary",
            entityId: document.body.id,
            version: 1,
            event: "imported",
            after: { digest: document.digest },
          });
        }
        saveDocument(tx, withCountedSignatures(policy.body, "approver", document));
      }
    });
    return {
      data: signed.map(({ digest, body }) => ({ digest, account: body.account, customer: body.customer })),
      text: signed
        .map(({ body }) => `destination ${splitAccount(body.account).address} is good until ${body.expires}`)
        .join("\n"),
      next: "custody withdraw request --customer REF --asset btc --amount AMOUNT --to ADDRESS --key KEY",
    };
  });
