/**
 * G5 and G8: every plan's attempts decode strictly against the pinned wallet. The chain's codec does both at once: what
 * it cannot read is refused at G5, what it has read and knows as an attack (its check-list) at G8.
 */
import type { DecodedAttempts } from "../../src/chains/adapter.ts";
import { declareRule } from "../../src/core/gate.ts";
import { allAttempts } from "../../src/chains/attempts.ts";
import type { ChainId } from "../../src/core/chain.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { addSeconds, type Instant } from "../../src/core/instant.ts";
import type { Memory } from "../journal/memory.ts";
import { chainSigner } from "../sign/chains.ts";
import type { Container } from "./g1-container.ts";
import { findRules, tokensOn } from "../../src/core/policy/entries.ts";
import type { JudgedPlan } from "./g4-intents.ts";
import { refusingDecode } from "./refuse.ts";
import { timeOf, type SignerState } from "./state.ts";

const STRAY_PREVIOUS = declareRule(
  "G5",
  "STRAY_PREVIOUS",
  "a previous transaction is in the request that no plan spends.",
);

const LIVES_TOO_LONG = declareRule(
  "G5",
  "LIVES_TOO_LONG",
  "what is to be signed could be sent for longer than the policy lets it.",
);
const LIFE_OVER = declareRule("G5", "LIFE_OVER", "no block takes what is to be signed any more.");

export type DecodedPlan = JudgedPlan & DecodedAttempts<unknown>;

/** @throws Refusal of G5 or G8 under the codec's own code */
export function decodePlans(
  { request }: Container,
  plans: readonly JudgedPlan[],
  state: SignerState,
  memory: Memory,
): readonly DecodedPlan[] {
  // Our own bytes: whoever holds the request cannot write into what is decoded from here on (attack B18).
  const previous = request.body.previous.map((text, i) => fromBase64(text, `request.previous[${i}]`));
  const decoded = plans.map((judged) => {
    const { plan, wallet } = judged;
    const view = {
      wallet,
      network: state.network,
      highestIndex: memory.indexes.get(wallet.name)?.change ?? -1,
      own: state.policy.body.wallets.filter(({ chain }) => chain === wallet.chain),
      tokens: tokensOn(state.policy.body, wallet.chain),
    };
    const { codec } = chainSigner(plan.body.chain);
    const attempts = refusingDecode(() => codec.decodePlan(plan.body, previous, view));
    for (const { until } of allAttempts(attempts)) assertLife(until, wallet.chain, state);
    return { ...judged, ...attempts };
  });
  assertAllSpent(previous, decoded);
  return decoded;
}

// Attack S3: bytes that are good for longer than anybody watches are good for whoever keeps them.
function assertLife(until: Instant | undefined, chain: ChainId, state: SignerState): void {
  if (until === undefined) return;
  const now = timeOf(state);
  const most = findRules(state.policy.body, chain)?.lifeSecondsMax;
  if (until <= now)
    throw LIFE_OVER(`it could be sent until ${until}, and it is ${now}`, {
      field: "plan.base",
      hint: "build the plan again: custody withdraw build --wallet WALLET",
    });
  if (most !== undefined && until <= addSeconds(now, most)) return;
  throw LIVES_TOO_LONG(`it could be sent until ${until}, the policy gives it ${most ?? 0} seconds`, {
    field: "plan.base",
    hint: "build the plan again with a nearer end, or let the admins set chains.lifeSecondsMax in the next policy",
  });
}

// What nobody needs is not carried: a request is no way to bring bytes past the gap.
function assertAllSpent(previous: readonly Uint8Array[], plans: readonly DecodedPlan[]): void {
  const chains = new Set(plans.map(({ plan }) => plan.body.chain));
  const spent = new Set(
    [...chains].flatMap((chain) => {
      const own = plans.filter(({ plan }) => plan.body.chain === chain);
      // Inputs, not conflict keys: a message shows coins that it does not compete for.
      const keys = own.flatMap(({ rungs }) => rungs[0]?.inputs.map(({ conflictKey }) => conflictKey) ?? []);
      return chainSigner(chain).codec.spentPrevious(previous, keys);
    }),
  );
  const stray = previous.findIndex((_, place) => !spent.has(place));
  if (stray < 0) return;
  throw STRAY_PREVIOUS(`no plan of the request spends previous transaction ${stray}`, {
    field: `request.previous[${stray}]`,
    hint: "export the request again: custody withdraw export PLAN --out request.json",
  });
}
