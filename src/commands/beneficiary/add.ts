import { makeDocument } from "../../core/document.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { parsePublicKey } from "../../core/ed25519.ts";
import { addSeconds } from "../../core/instant.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { splitAccount } from "../../core/account.ts";
import { accountsEndingAlike } from "../../store/known-accounts.ts";
import { countFlag, optionalFlag, requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { BENEFICIARY_TOO_LONG } from "../../withdrawals/deciding/beneficiary.ts";
import { assertNoLookAlike } from "../../withdrawals/intake/look-alike.ts";
import { requireCustomer } from "../customer/find.ts";
import { writeDocument } from "../documents.ts";
import { contractAsked } from "./contract.ts";
import { destinationOf } from "./destination.ts";
import { assertNotOurs } from "./not-ours.ts";
import { newId, requirePolicy, requireSession, withOnline } from "../../home/online.ts";

/** Writes the destination as an unsigned document. Nothing is stored until it comes back signed. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const customer = requireCustomer(online.store, requiredFlag(call.flags, "customer"));
    const account = destinationOf(policy.body, call.flags);
    const { address } = splitAccount(account);
    assertNotOurs(online.store, account, "--to");
    const days = countFlag(call.flags, "days", { min: 1, max: 3650, otherwise: 365 });
    assertLife(policy, days);
    assertNoLookAlike({ accountsEndingAlike }, online.store, account);
    const now = call.io.now();
    const key = optionalFlag(call.flags, "customerKey");
    const contract = await contractAsked(online, policy, account);
    const document = makeDocument(BENEFICIARY, {
      kind: "beneficiary",
      version: 1,
      network: online.network,
      custody: custodyId(policy),
      id: newId(online),
      customer: customer.id,
      account,
      ...(contract === undefined
        ? { accountKind: "account" as const }
        : { accountKind: "contract" as const, ...contract }),
      ...(key === undefined ? {} : { customerKey: parsePublicKey(key, "--customer-key") }),
      notBefore: now,
      expires: addSeconds(now, 86400 * days),
    });
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, document);
    return {
      data: { file: out, digest: document.digest, account, customer: customer.id, ...contract },
      text: drawFacts([
        ["beneficiary", `${out}, unsigned`],
        ["customer", customer.ref],
        ["to", grouped(address)],
        ...(contract === undefined
          ? []
          : [["a contract", `code ${grouped(contract.codeHash)}, up to ${contract.gasLimit} gas`] as const]),
        ["good until", document.body.expires],
        ...(key === undefined
          ? []
          : [["customer's key", `${key}: its signature is needed as well`] as const]),
      ]),
      next: `custody desk sign ${shellWord(out)} --as beneficiary --identity NAME.key --out beneficiary.signed.json   (at an approver's desk)`,
    };
  });

// Better said before people sign than after.
function assertLife({ body }: PolicyDocument, days: number): void {
  const { lifeSecondsMax } = body.beneficiaries;
  if (86400 * days <= lifeSecondsMax) return;
  throw BENEFICIARY_TOO_LONG(`${days} days are longer than the policy's ${lifeSecondsMax} seconds`, {
    field: "--days",
    hint: `--days ${Math.floor(lifeSecondsMax / 86400)}`,
  });
}
