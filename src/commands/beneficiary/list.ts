import { splitAccount } from "../../core/account.ts";
import { parseDigest } from "../../core/digest.ts";
import { judgeDestination } from "../../core/policy/beneficiaries.ts";
import { shellWord } from "../../core/shell-word.ts";
import { listBeneficiaries } from "../../store/beneficiaries.ts";
import { findCustomer } from "../../store/customers.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requireCustomer } from "../customer/find.ts";
import { PAGE_ROWS, pageBy } from "../page.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const policy = requirePolicy(online);
    const ref = optionalFlag(call.flags, "customer");
    const customer = ref === undefined ? undefined : requireCustomer(store, ref).id;
    const page = pageBy(call.flags, parseDigest);
    const found = listBeneficiaries(store, { customer }, page);
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
          { head: "BENEFICIARY" },
        ],
        described.map(({ customer: whose, address, notBefore, expires, inForce, digest }) => [
          whose,
          address,
          notBefore,
          expires,
          inForce ? "yes" : "no",
          digest,
        ]),
        call.io.stdout,
      ),
      next: found.length === page.limit ? more(ref, page.limit, found.at(-1)?.digest) : undefined,
    };
  });

const more = (ref: string | undefined, limit: number, after: string | undefined): string =>
  [
    "custody beneficiary list",
    ...(ref === undefined ? [] : [`--customer ${shellWord(ref)}`]),
    ...(limit === PAGE_ROWS ? [] : [`--limit ${limit}`]),
    `--after ${after}`,
  ].join(" ");
