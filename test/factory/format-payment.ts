/** The payment that the format vectors tell of: a request that a signer signs, what its officer sees, and the receipt. */
import type { DecodedAttempt, DecodedAttempts } from "../../src/chains/adapter.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import type { ClearanceDocument } from "../../src/core/documents/clearance.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import {
  RECEIPT,
  type ReceiptDocument,
  type RungSignatures,
  type SignedPlan,
} from "../../src/core/documents/receipt.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import type { ReviewDocument } from "../../src/core/documents/review.ts";
import type { Name } from "../../src/core/identifier.ts";
import { headOf, type SignedJournalEntry } from "../../src/core/journal-entry.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import { EMPTY_JOURNAL, withLine } from "../../signer/journal/journal.ts";
import { signAll, testWallet } from "../bitcoin/regtest-wallet.ts";
import {
  builtFor,
  planFor,
  previousOf,
  requestFor,
  stateFor,
  viewOf,
  type Custody,
  type Payout,
} from "./custody.ts";
import {
  approval,
  beneficiary,
  CUSTODY,
  genesisPolicy,
  header,
  intent,
  journal,
  signedDocument,
  START_HEAD,
} from "./documents.ts";
import { reviewed } from "./gates.ts";
import { at, fixtureDigest, OLGA, SIGNER } from "./identities.ts";

/** Of the descriptor that the policy names. */
const WALLET = testWallet("regtest fixture vault");
const RUNGS = { options: { feeRatesMilli: [5_000n, 10_000n] } };
export const AUDIT = { epoch: 1, size: 3, root: fixtureDigest("audit root") } as const;
const [INIT, PIN] = journal() as [SignedJournalEntry, SignedJournalEntry];

function custody(): Custody {
  const policy = genesisPolicy();
  const [wallet] = policy.body.wallets as [PolicyWallet];
  return { policy, id: CUSTODY, wallet, journal: [INIT, PIN].reduce(withLine, EMPTY_JOURNAL) };
}

function payment(): Payout {
  return { intent: intent(), beneficiary: beneficiary(), approvals: [approval(intent())] };
}

export function plan(): PlanDocument {
  return planFor(custody(), [payment()], RUNGS);
}

/** What the plan's attempts are. */
export function attempts(): DecodedAttempts<BitcoinAttempt> {
  const house = custody();
  const { previous } = builtFor(house, [payment()], RUNGS);
  return bitcoinCodec.decodePlan(plan().body, previous, viewOf(house));
}

/** Ids of the plan's attempts, the cancel rung's last. */
export function transactions(): DecodedAttempt<BitcoinAttempt>["transaction"][] {
  const { rungs, cancel } = attempts();
  return [...rungs, cancel].flatMap((attempt) => (attempt === undefined ? [] : [attempt.transaction]));
}

/** @param clearance carried along, though the row asks for none */
export function request(clearance: ClearanceDocument): RequestDocument {
  const house = custody();
  return requestFor(house, [payment()], [plan()], {
    previous: previousOf([builtFor(house, [payment()], RUNGS)]),
    body: {
      clearances: [embed(clearance)],
      heads: [{ signer: SIGNER.name, epoch: 1, head: START_HEAD }],
      audit: {
        ...AUDIT,
        extends: [{ signer: SIGNER.name, size: 2, proof: [fixtureDigest("audit node")] }],
      },
    },
  });
}

/** As the gates make it. @throws Refusal where a signer would not sign the request */
export function review(asked: RequestDocument): ReviewDocument {
  return signedDocument(reviewed(asked, stateFor(custody())).review, [OLGA], at("09:00:00"));
}

/** A receipt of the request, after the entries that come behind the head which it names. */
export function receipt(
  asked: RequestDocument,
  outcome: ReceiptDocument["body"]["outcome"],
): ReceiptDocument {
  const document = makeDocument(RECEIPT, {
    ...header("receipt"),
    request: asked.digest,
    policy: 1,
    signer: SIGNER.name,
    epoch: 1,
    outcome,
    place: { number: 2, previous: headOf(PIN.entry) },
    journal: [PIN],
  });
  return signedDocument(document, [SIGNER], at("09:00:00"));
}

export function signedPlan(): SignedPlan {
  const { body, digest } = plan();
  const { rungs, cancel } = attempts();
  const last = cancel as NonNullable<typeof cancel>;
  const sign = ({ tx, transaction }: typeof last, rung: number | "cancel"): RungSignatures => ({
    rung,
    transaction,
    signatures: signAll(WALLET, tx),
  });
  const { body: wish, digest: asked } = intent();
  return {
    plan: digest,
    wallet: body.wallet,
    intents: [
      { family: familyOf(wish), intent: asked, generation: 1, row: "small" as Name, units: wish.units },
    ],
    conflictKeys: body.conflictKeys,
    feeUnits: last.fee.units.toString(),
    rungs: [...rungs.map((attempt, place) => sign(attempt, place)), sign(last, "cancel")],
  };
}
