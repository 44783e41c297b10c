/** What an officer read before signing the story of `evidence.ts`. */
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { Effect } from "../../src/chains/effect.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { makeDocument } from "../../src/core/document.ts";
import {
  REVIEW,
  type ReviewDocument,
  type ReviewedEffect,
  type RungReview,
} from "../../src/core/documents/review.ts";
import type { Payout } from "./custody.ts";
import { header, REGTEST } from "./documents.ts";
import { CARLA, ROW, SIGNERS } from "./evidence-house.ts";
import type { Told } from "./evidence.ts";
import { ANNA, BEN, OSCAR } from "./identities.ts";

/** What signer number `signer`, from 0, showed its officer: Anna and Ben approve, Ben releases, Carla clears. */
export function reviewOf(
  { custody, payouts, plan, request, attempts }: Told,
  signer: number,
): ReviewDocument {
  const by = { approvedBy: [ANNA.name, BEN.name], clearedBy: [CARLA.name] };
  const effectOf = (effect: Effect): ReviewedEffect => {
    if (!("units" in effect)) throw new Error("evidence is of a withdrawal");
    const units = effect.units.toString();
    if (effect.type !== "pay") return { type: "change", account: effect.account, units, path: effect.path };
    const paid = payouts.find(({ beneficiary }) => beneficiary.body.account === effect.account);
    return {
      type: "pay",
      account: effect.account,
      units,
      intent: (paid as Payout).intent.body.id,
      ...by,
    };
  };
  const rungOf = ({ transaction, effects, fee }: DecodedAttempt<BitcoinAttempt>): RungReview => ({
    transaction,
    effects: effects.map(effectOf),
    feeUnits: fee.units.toString(),
    feeRateMilli: fee.rateMilli.toString(),
    feeSharePermille: "1",
  });
  const [first] = attempts.rungs;
  return makeDocument(REVIEW, {
    ...header("review"),
    custody: custody.id,
    request: request.digest,
    operator: { name: OSCAR.name, person: OSCAR.person },
    policy: 2,
    signer: (SIGNERS[signer] as (typeof SIGNERS)[number]).name,
    epoch: 1,
    plans: [
      {
        plan: plan.digest,
        chain: REGTEST,
        wallet: plan.body.wallet,
        quorum: "2 of 3",
        inputs: [...(first?.inputs ?? [])],
        intents: payouts.map(({ intent, beneficiary }) => ({
          type: "withdrawal" as const,
          intent: intent.body.id,
          row: ROW,
          generation: 1,
          beneficiary: { id: beneficiary.body.id, digest: beneficiary.digest },
          ...by,
        })),
        rungs: attempts.rungs.map(rungOf),
        cancel: rungOf(attempts.cancel as DecodedAttempt<BitcoinAttempt>),
        limits: [],
        locks: [],
        warnings: [],
      },
    ],
    dead: [],
  });
}
