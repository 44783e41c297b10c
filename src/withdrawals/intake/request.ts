/** Intake: a client's wish becomes a stored promise with a hold behind it, once for each idempotency key. */
import type { AccountId } from "../../core/account.ts";
import { formatAmount, type Amount } from "../../core/amount.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import { sha256, taggedDigest, type Digest } from "../../core/digest.ts";
import { makeDocument } from "../../core/document.ts";
import type { BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import type { HaltDocument } from "../../core/documents/halt.ts";
import { INTENT, type Intent, type IntentDocument } from "../../core/documents/intent.ts";
import { declareError } from "../../core/errors.ts";
import { toHex, utf8 } from "../../core/hex.ts";
import type { Id, Name } from "../../core/identifier.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { postHold } from "../../core/ledger.ts";
import { judgeDestination } from "../../core/policy/beneficiaries.ts";
import { evaluate, LIFTABLE } from "../../core/policy/evaluate.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { kycDenial } from "../../kyc/denial.ts";
import { haltsNow } from "../deciding/evidence.ts";
import { admitByOnlineRules } from "../deciding/online.ts";
import { matchPayments } from "../following/blocks.ts";
import { assertNoLookAlike } from "./look-alike.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { IntakePorts } from "./ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { paymentOf, stepWithdrawal } from "../step.ts";

export const CUSTOMER_UNKNOWN = declareError(
  "CUSTOMER_UNKNOWN",
  "notFound",
  "There is no customer with this reference.",
);
export const CUSTOMER_CLOSED = declareError("CUSTOMER_CLOSED", "denied", "A customer's account is closed.");
export const DEPOSIT_UNDECIDED = declareError(
  "DEPOSIT_UNDECIDED",
  "denied",
  "A deposit of the customer has left the chain, and people have not decided what becomes of it: nothing is paid out meanwhile.",
);
export const KYC_DENIED = declareError(
  "KYC_DENIED",
  "denied",
  "What is known of a customer does not allow a payment.",
);
export const BENEFICIARY_UNKNOWN = declareError(
  "BENEFICIARY_UNKNOWN",
  "denied",
  "No signed beneficiary in force covers a destination.",
);
export const DESTINATION_IS_OURS = declareError(
  "DESTINATION_IS_OURS",
  "denied",
  "A withdrawal's destination is an address of our own.",
);

export const WITHDRAWAL_DENIED = declareError(
  "WITHDRAWAL_DENIED",
  "denied",
  "The policy denies a withdrawal, whoever approves it.",
);

/** How long people have to approve and the signer to sign. */
export const INTENT_LIFE_SECONDS = 7 * 86400;

export type WithdrawalRequest = {
  readonly customerRef: string;
  readonly amount: Amount;
  readonly account: AccountId;
  /** The client's idempotency key, kept for ever. */
  readonly clientKey: string;
};

export type Requested = { readonly withdrawal: WithdrawalRow; readonly created: boolean };

/**
 * Stores a request and places its hold. The same key with the same body answers with the first request again,
 * whatever has become of it.
 * @throws CUSTOMER_UNKNOWN, CUSTOMER_CLOSED, DEPOSIT_UNDECIDED, KYC_DENIED, BENEFICIARY_UNKNOWN, DESTINATION_IS_OURS,
 *   ADDRESS_LOOKS_ALIKE, WITHDRAWAL_DENIED, ONLINE_RULE_DENIED, IDEMPOTENCY_CONFLICT, INSUFFICIENT_BALANCE, QUARANTINED
 */
export function requestWithdrawal<Tx>(
  ports: LifePorts<Tx> & IntakePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  request: WithdrawalRequest,
  about: { policy: PolicyDocument; requester: Name; now: Instant; operation: Id; id: Id },
): Requested {
  const { policy, now, id } = about;
  const customer = ports.findCustomerByRef(tx, request.customerRef);
  if (customer === undefined) {
    throw CUSTOMER_UNKNOWN(`there is no customer ${request.customerRef}`, {
      field: "--customer",
      hint: `custody customer add --ref ${shellWord(request.customerRef)}`,
    });
  }
  const bodyHash = bodyHashOf(request);
  const known = ports.findWithdrawalByKey(tx, request.clientKey);
  const beneficiary = known === undefined ? admit(ports, tx, request, customer, about) : undefined;
  const intent = beneficiary && draftIntent(request, customer.id, beneficiary, about);
  const { withdrawal, created } = ports.insertWithdrawal(tx, {
    id,
    customer: customer.id,
    amount: request.amount,
    account: request.account,
    beneficiary: beneficiary?.digest ?? (known as WithdrawalRow).beneficiary,
    clientKey: request.clientKey,
    bodyHash,
    intent: intent?.digest,
    expires: intent?.body.expires,
  });
  if (!created || intent === undefined || beneficiary === undefined) return { withdrawal, created };

  assertPolicyWouldAllow(policy, intent, beneficiary, now, haltsNow(ports, tx));
  ports.insertLimitUse(tx, admitByOnlineRules(ports, tx, withdrawal, about));
  ports.saveDocument(tx, intent);
  ports.post(tx, postHold(paymentOf(withdrawal)));
  // A client that asks again for what a restored database has forgotten may have been paid already, in a block that was
  // read before this request (F9): no later block would match the two before it is approved.
  matchPayments(ports, tx);
  const screening = stepWithdrawal(ports, tx, withdrawal, { type: "screening" });
  return { withdrawal: stepWithdrawal(ports, tx, screening, { type: "admitted" }), created };
}

// What a new request must pass before anything is stored.
function admit<Tx>(
  ports: LifePorts<Tx> & IntakePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  request: WithdrawalRequest,
  customer: { id: Id; state: string },
  { now, policy }: { now: Instant; policy: PolicyDocument },
): BeneficiaryDocument {
  if (customer.state !== "OPEN") {
    throw CUSTOMER_CLOSED(`customer ${request.customerRef} is closed`, {
      field: "--customer",
      hint: "custody customer list",
    });
  }
  const gone = ports.findGoneDeposit(tx, customer.id);
  if (gone !== undefined) {
    throw DEPOSIT_UNDECIDED(`deposit ${gone.coin} of customer ${request.customerRef} has left the chain`, {
      field: "--customer",
      hint: `custody deposit uncredit ${gone.coin} --out warrant.json   (two admins; or wait for a block that holds it again)`,
    });
  }
  const denial = kycDenial(ports.findKyc(tx, customer.id), now);
  if (denial !== undefined) {
    throw KYC_DENIED(`${denial.rule}: ${denial.why}`, {
      field: "--customer",
      hint: `custody kyc show --customer ${shellWord(request.customerRef)}`,
      details: { rule: denial.rule },
    });
  }
  const ours = ports.findAddress(tx, request.account);
  if (ours !== undefined) {
    throw DESTINATION_IS_OURS(`the destination is an address of our wallet ${ours.wallet}`, {
      field: "--to",
      hint: "a withdrawal leaves the custody: give the customer's own address",
    });
  }
  assertNoLookAlike(ports, tx, request.account);
  return destinationOf(ports, tx, request, customer.id, { now, policy });
}

// A destination may have been signed more than once: people's newest word on it that is in force.
function destinationOf<Tx>(
  ports: IntakePorts<Tx>,
  tx: Tx,
  { customerRef, account }: WithdrawalRequest,
  customer: Id,
  { now, policy }: { now: Instant; policy: PolicyDocument },
): BeneficiaryDocument {
  const known = ports
    .findBeneficiaries(tx, customer, account)
    .filter(({ body }) => body.customer === customer && body.account === account)
    .map((beneficiary) => ({ beneficiary, denial: judgeDestination(policy.body, beneficiary, now) }));
  const [newest] = known
    .flatMap(({ beneficiary, denial }) => (denial === undefined ? [beneficiary] : []))
    .sort((a, b) => (a.body.notBefore < b.body.notBefore ? 1 : -1));
  if (newest !== undefined) return newest;
  const why = known[0]?.denial?.join(": ");
  throw BENEFICIARY_UNKNOWN(
    `customer ${customerRef} has no signed beneficiary in force for this destination${why === undefined ? "" : ` (${why})`}`,
    {
      field: "--to",
      hint: `custody beneficiary add --customer ${shellWord(customerRef)} --to ADDRESS --out beneficiary.json`,
    },
  );
}

function draftIntent(
  { amount, clientKey }: WithdrawalRequest,
  customer: Id,
  beneficiary: BeneficiaryDocument,
  {
    policy,
    requester,
    now,
    operation,
    id,
  }: { policy: PolicyDocument; requester: Name; now: Instant; operation: Id; id: Id },
): IntentDocument {
  return makeDocument<Intent>(INTENT, {
    kind: "intent",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    operation,
    type: "withdrawal",
    generation: 1,
    supersedes: [],
    born: policy.body.number,
    requester,
    customer,
    clientKey: toHex(sha256(utf8(clientKey))) as Digest,
    asset: amount.asset,
    units: amount.units.toString(),
    beneficiary: beneficiary.digest,
    feeBearer: "custody",
    expires: addSeconds(now, INTENT_LIFE_SECONDS),
  });
}

// People are not asked for what the policy denies whoever approves; only a missing quorum may still be met.
function assertPolicyWouldAllow(
  policy: PolicyDocument,
  intent: IntentDocument,
  beneficiary: BeneficiaryDocument,
  now: Instant,
  halts: readonly HaltDocument[],
): void {
  const evidence = { intent, beneficiary, approvals: [], clearances: [], halts };
  const result = evaluate(policy.body, evidence, now);
  if (result.allowed || LIFTABLE.has(result.rule)) return;
  throw WITHDRAWAL_DENIED(`denied by policy (${result.rule}): ${result.why}`, {
    field: result.rule === "NO_ROW" ? "--amount" : "withdrawal",
    hint:
      result.rule === "HALTED"
        ? "custody emergency resume   (says what is in force, and who ends it)"
        : "custody policy show",
    details: {
      rule: result.rule,
      amount: formatAmount(intent.body),
    },
  });
}

/** SHA-256 over what the client asked for; two bodies under one key are told apart by it. */
function bodyHashOf({ customerRef, amount, account }: WithdrawalRequest): Digest {
  const body = { account, asset: amount.asset, customer: customerRef, units: amount.units.toString() };
  return taggedDigest("custody/withdrawal-request/v1", canonicalBytes(body));
}
