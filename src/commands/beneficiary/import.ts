import { ACCOUNT_MALFORMED, splitAccount } from "../../core/account.ts";
import { assertChainOn } from "../../core/chain.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import { codecOf } from "../../chains/registry.ts";
import { findCustomer } from "../../store/customers.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { importBeneficiary, type Destination } from "../../withdrawals/deciding/beneficiary.ts";
import { CUSTOMER_UNKNOWN } from "../../withdrawals/intake/request.ts";
import { readDocument } from "../documents.ts";
import { assertNotOurs } from "./not-ours.ts";
import { change, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";

/** All files or none: they are copies of destinations that belong together. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const signed: BeneficiaryDocument[] = [];
    // One after the other: two of them may come line by line.
    for (const path of call.args) signed.push(await readDocument(call, path, BENEFICIARY));
    for (const document of signed) assertFits(online, document);
    const imported = change(online, (tx) =>
      signed.map((document) => importBeneficiary(PORTS, tx, document, { policy, now: call.io.now() })),
    );
    // The last state of each: two files may hold one person's signature each.
    const destinations = [...new Map(imported.map((one) => [one.beneficiary.digest, one])).values()];
    const waiting = destinations.find(({ denial }) => denial !== undefined);
    return {
      data: destinations.map(describe),
      text: destinations.map(draw).join("\n"),
      next:
        waiting === undefined
          ? "custody withdraw request --customer REF --asset btc --amount AMOUNT --to ADDRESS --key KEY"
          : "custody beneficiary list",
    };
  });

function assertFits(online: Online, { body }: BeneficiaryDocument): void {
  const { chain, address } = splitAccount(body.account);
  assertChainOn(chain, online.network, "beneficiary.account");
  const account = codecOf(chain).parseAddress(address, chain, "beneficiary.account");
  // In another spelling no request would find it, and no look-alike of it would be seen (F22).
  if (account !== body.account) {
    throw ACCOUNT_MALFORMED(`the account is spelt in another way than ${account}`, {
      field: "beneficiary.account",
      hint: "custody beneficiary add --customer REF --to ADDRESS --out beneficiary.json   (writes it anew, to be signed)",
    });
  }
  assertNotOurs(online.store, account, "beneficiary.account");
  if (findCustomer(online.store, body.customer) !== undefined) return;
  throw CUSTOMER_UNKNOWN("the beneficiary is for a customer who is not here", {
    field: "beneficiary.customer",
    hint: "custody customer list",
  });
}

function describe({ beneficiary: { digest, body }, denial }: Destination) {
  return {
    digest,
    account: body.account,
    customer: body.customer,
    inForce: denial === undefined,
    ...(denial === undefined ? {} : { rule: denial[0], why: denial[1] }),
  };
}

function draw({ beneficiary: { body }, denial }: Destination): string {
  return drawFacts([
    ["destination", grouped(splitAccount(body.account).address)],
    denial === undefined ? ["good until", body.expires] : ["not in force", `kept: ${denial[1]}`],
  ]);
}
