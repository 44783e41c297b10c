/**
 * What a review says of a plan, made from its decoded bytes and from whose signatures counted, and from nothing that a
 * request says of them (law 1). The signer shows it; the auditor makes it again and compares.
 */
import { feeAsset, type AssetId } from "../core/asset.ts";
import type { BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { IntentDocument } from "../core/documents/intent.ts";
import type { PlanDocument } from "../core/documents/plan.ts";
import type { PlanReview, ReviewedEffect, RungReview } from "../core/documents/review.ts";
import { assert } from "../core/errors.ts";
import type { Allowed } from "../core/policy/evaluate.ts";
import { feeSharePermille, judgedUnits, NO_SHARE, type Judged } from "../core/policy/fee-caps.ts";
import type { DecodedAttempt } from "./adapter.ts";
import type { Effect } from "./effect.ts";

/** An intent that the policy allows, with those whose signatures counted for it. */
export type JudgedIntent = Omit<Allowed, "allowed"> & {
  readonly intent: IntentDocument;
  /** Of a withdrawal. */
  readonly beneficiary: BeneficiaryDocument | undefined;
};
/** Each effect of an attempt with the intent that it settles; change has none. */
export type MatchedEffect = { readonly effect: Effect; readonly judged?: JudgedIntent };
export type MatchedRung = DecodedAttempt<unknown> & { readonly matched: readonly MatchedEffect[] };

/**
 * What a withdrawal or transfer asks for, as the effect that pays it spells itself (`effectKey`). JSON quotes the parts,
 * so that no account or memo can be written to look like another pair.
 */
export function wantedKey({
  intent: { body },
  beneficiary,
}: Pick<JudgedIntent, "intent" | "beneficiary">): string {
  if (body.type === "transfer") return JSON.stringify(["own", body.destination, body.asset, body.units]);
  assert(beneficiary !== undefined, "no withdrawal is judged without its beneficiary");
  return JSON.stringify([
    "pay",
    beneficiary.body.account,
    beneficiary.body.memo ?? null,
    body.asset,
    body.units,
  ]);
}

/** What an effect does, to be compared with what was asked for. Change is asked for by nobody. */
export function effectKey(effect: Exclude<Effect, { readonly type: "change" }>): string {
  if (effect.type === "attest") return JSON.stringify(["attest", effect.message]);
  if (effect.type === "control") return JSON.stringify(["control", effect.change]);
  const { asset } = effect;
  const units = effect.units.toString();
  return effect.type === "own"
    ? JSON.stringify(["own", effect.wallet, asset, units])
    : JSON.stringify(["pay", effect.account, effect.memo ?? null, asset, units]);
}

type Matched = {
  readonly plan: PlanDocument;
  readonly intents: readonly JudgedIntent[];
  readonly rungs: readonly MatchedRung[];
  readonly cancel: MatchedRung | undefined;
};

/** All of a plan's review that its bytes and people's signatures decide; the rest is the signer's memory and words. */
export type DecidedReview = Omit<PlanReview, "quorum" | "limits" | "locks" | "warnings">;

export function decidedReview({ plan, intents, rungs, cancel }: Matched): DecidedReview {
  // A cancel rung is judged by what the plan pays, for it pays nobody itself.
  const moved = judgedUnits(rungs[0]?.effects ?? []);
  return {
    plan: plan.digest,
    chain: plan.body.chain,
    wallet: plan.body.wallet,
    // All attempts spend the same coins (G6).
    inputs: [...(rungs[0]?.inputs ?? [])],
    intents: intents.map((judged) => ({
      type: judged.intent.body.type,
      intent: judged.intent.body.id,
      row: judged.row.name,
      generation: judged.intent.body.generation,
      ...(judged.beneficiary === undefined
        ? {}
        : { beneficiary: { id: judged.beneficiary.body.id, digest: judged.beneficiary.digest } }),
      ...peopleOf(judged),
    })),
    rungs: rungs.map((rung) => rungReview(rung, judgedUnits(rung.effects))),
    ...(cancel === undefined ? {} : { cancel: rungReview(cancel, moved) }),
  };
}

function rungReview(rung: MatchedRung, moved: Judged): RungReview {
  return {
    transaction: rung.transaction,
    effects: rung.matched.map(effectReview),
    feeUnits: rung.fee.units.toString(),
    feeRateMilli: rung.fee.rateMilli.toString(),
    ...shareReview(rung.fee.units, moved),
  };
}

function shareReview(feeUnits: bigint, moved: Judged): Pick<RungReview, "feeSharePermille"> {
  if (moved === NO_SHARE) return {};
  const share = feeUnits === 0n ? 0n : feeSharePermille(feeUnits, moved);
  assert(share !== undefined, "a fee on nothing is refused before (G7)");
  return { feeSharePermille: share.toString() };
}

function effectReview({ effect, judged }: MatchedEffect): ReviewedEffect {
  const { account } = effect;
  if (effect.type === "change")
    return { type: "change", account, units: effect.units.toString(), path: effect.path };
  assert(judged !== undefined, "every other effect has its intent (G6)");
  const by = { intent: judged.intent.body.id, ...peopleOf(judged) };
  if (effect.type === "attest") return { type: "attest", account, message: effect.message, ...by };
  if (effect.type === "control") return { type: "control", account, change: effect.change, ...by };
  const of = { account, ...namedToken(effect.asset), units: effect.units.toString(), ...by };
  return effect.type === "own"
    ? { ...of, type: "own", wallet: effect.wallet, path: effect.path }
    : { ...of, type: "pay", ...(effect.memo === undefined ? {} : { memo: effect.memo }) };
}

/** An asset as a review names it: not at all where it is the coin of its chain. */
export function namedToken(asset: AssetId): { readonly asset?: AssetId } {
  return feeAsset(asset) === asset ? {} : { asset };
}

// Who released has approved it a second time, and may be another person.
function peopleOf({ approvers, releasers, clearedBy }: JudgedIntent) {
  return {
    approvedBy: [...new Set([...approvers, ...releasers].map(({ identity }) => identity.name))],
    ...(clearedBy.length === 0 ? {} : { clearedBy: clearedBy.map(({ identity }) => identity.name) }),
  };
}
