/** Somebody of ours asks for what is no customer's payment: a transfer, a consolidation, coins brought back, a message. */
import { cancelOf } from "../chains/attempts.ts";
import { codecOf } from "../chains/registry.ts";
import { formatAmount, type Amount } from "../core/amount.ts";
import { makeDocument } from "../core/document.ts";
import { INTENT, type Intent, type IntentDocument } from "../core/documents/intent.ts";
import { PLAN } from "../core/documents/plan.ts";
import { assert, declareError } from "../core/errors.ts";
import type { AssetId } from "../core/asset.ts";
import type { Digest } from "../core/digest.ts";
import type { Id, Name } from "../core/identifier.ts";
import { addSeconds, type Instant } from "../core/instant.ts";
import { parseSignableMessage } from "../core/signed-message.ts";
import { evaluate, LIFTABLE } from "../core/policy/evaluate.ts";
import { findWallet } from "../core/policy/entries.ts";
import { custodyId, type PolicyDocument, type PolicyWallet } from "../core/policy/policy.ts";
import type { LifePorts } from "../withdrawals/ports.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { assertWaits } from "./parent.ts";
import type { MovementRow } from "./ports.ts";

export const MOVEMENT_DENIED = declareError(
  "MOVEMENT_DENIED",
  "denied",
  "The policy denies an intent of our own, whoever approves it.",
);
export const CANCEL_TARGET = declareError(
  "CANCEL_TARGET",
  "conflict",
  "A plan cannot be cancelled by an intent: it never left, is over and keeps nothing waiting, or has a signed cancel rung of its own.",
);

export type Wish =
  | { readonly type: "transfer"; readonly wallet: Name; readonly destination: Name; readonly amount: Amount }
  /** At most `amount` is brought together, fee included; with `childOf` that plan's waiting change is among it. */
  | {
      readonly type: "consolidate";
      readonly wallet: Name;
      readonly amount: Amount;
      readonly childOf?: PlanRow | undefined;
    }
  | { readonly type: "cancel"; readonly plan: PlanRow; readonly asset: AssetId }
  /** The keys of `wallet` sign `message`, with `coins` beside all of the wallet's coins. */
  | {
      readonly type: "attest";
      readonly wallet: Name;
      readonly asset: AssetId;
      readonly message: string;
      readonly coins: boolean;
    }
  /** Who shall command the wallet: `change` has been read by the wallet's chain. */
  | { readonly type: "control"; readonly wallet: Name; readonly asset: AssetId; readonly change: string };

export type RequestAbout = {
  readonly policy: PolicyDocument;
  readonly requester: Name;
  readonly now: Instant;
  readonly lifeSeconds: number;
  readonly operation: Id;
  readonly id: Id;
};

/**
 * Stores a wish with its intent, for people to approve.
 * @throws MOVEMENT_DENIED, CANCEL_TARGET, PARENT_NOT_WAITING, MESSAGE_UNSIGNABLE
 */
export function requestMovement<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  wish: Wish,
  about: RequestAbout,
): { readonly movement: MovementRow; readonly intent: IntentDocument } {
  const childOf = wish.type === "consolidate" ? wish.childOf : undefined;
  if (childOf !== undefined) assertWaits(ports, tx, childOf);
  const intent = draftIntent(ports, tx, wish, about);
  assertPolicyWouldAllow(intent, about);
  ports.saveDocument(tx, intent);
  const { asset, units } = intent.body;
  const movement = ports.insertMovement(tx, {
    id: about.id,
    type: wish.type,
    wallet: wish.type === "cancel" ? wish.plan.wallet : wish.wallet,
    destination: wish.type === "transfer" ? wish.destination : undefined,
    target: wish.type === "cancel" ? wish.plan.id : undefined,
    childOf: childOf?.id,
    asset,
    units: BigInt(units),
    intent: intent.digest,
    expires: intent.body.expires,
  });
  return { movement, intent };
}

function draftIntent<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  wish: Wish,
  { policy, requester, now, lifeSeconds, operation, id }: RequestAbout,
): IntentDocument {
  const common = {
    kind: "intent" as const,
    version: 1 as const,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    operation,
    generation: 1,
    supersedes: [] as Digest[],
    born: policy.body.number,
    requester,
    expires: addSeconds(now, lifeSeconds),
  };
  if (wish.type === "cancel") {
    const conflictKeys = keysOf(ports, tx, wish.plan, policy);
    const { asset, plan } = wish;
    return makeDocument<Intent>(INTENT, {
      ...common,
      asset,
      type: "cancel",
      wallet: plan.wallet,
      units: "0",
      conflictKeys,
    });
  }
  if (wish.type === "attest") {
    const { asset, wallet, coins } = wish;
    const message = parseSignableMessage(wish.message, "--message");
    const body = { ...common, asset, wallet, units: "0" as const };
    return makeDocument<Intent>(INTENT, { ...body, type: "attest", message, coins });
  }
  if (wish.type === "control") {
    const { asset, wallet, change } = wish;
    return makeDocument<Intent>(INTENT, { ...common, asset, wallet, units: "0", type: "control", change });
  }
  const { wallet, amount: asked } = wish;
  const body = { ...common, asset: asked.asset, wallet, units: asked.units.toString() };
  return wish.type === "transfer"
    ? makeDocument<Intent>(INTENT, { ...body, type: "transfer", destination: wish.destination })
    : makeDocument<Intent>(INTENT, { ...body, type: "consolidate" });
}

/**
 * Whether a plan's coins can be asked back. One that is dead and has used none of its numbers in a row keeps all later
 * ones waiting (law 4): it is its number that is used up then, by whatever has it next.
 */
export function isCancellable({ state }: Pick<PlanRow, "state">, wallet: PolicyWallet | undefined): boolean {
  if (state === "EXPORTED" || state === "SIGNED") return true;
  return state === "DEAD" && wallet !== undefined && codecOf(wallet.chain).row !== undefined;
}

// Exactly the coins of the plan: whichever settles, the other never can.
function keysOf<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow, { body }: PolicyDocument): string[] {
  const own = plan.state !== "DEAD" && cancelOf(ports.attemptsOf(tx, plan.id)) !== undefined;
  if (own || !isCancellable(plan, findWallet(body, plan.wallet))) {
    const why = own ? "has a signed cancel rung of its own" : `is ${plan.state}`;
    throw CANCEL_TARGET(`plan ${plan.id} ${why}`, {
      field: "--plan",
      hint: own
        ? `custody withdraw bump ${plan.id} --cancel`
        : plan.state === "DRAFT"
          ? `custody withdraw drop ${plan.id}`
          : "custody status",
    });
  }
  const document = ports.findDocument(tx, PLAN, plan.digest);
  assert(document !== undefined, "a plan's document is stored with it");
  return [...document.body.conflictKeys];
}

// People are not asked for what the policy denies whoever approves.
function assertPolicyWouldAllow(intent: IntentDocument, { policy, now }: RequestAbout): void {
  const result = evaluate(policy.body, { intent, approvals: [], clearances: [], halts: [] }, now);
  if (result.allowed || LIFTABLE.has(result.rule)) return;
  const { asset, units } = intent.body;
  throw MOVEMENT_DENIED(`denied by policy (${result.rule}): ${result.why}`, {
    field: result.rule === "NO_ROW" ? "--type" : "intent",
    hint: `custody policy explain --type ${intent.body.type}`,
    details: { rule: result.rule, amount: formatAmount({ asset, units }) },
  });
}
