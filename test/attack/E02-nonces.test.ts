/** E2: one payment over two nonces, so that both are mined; or over another nonce than the plan says. */
import { quantityBytes } from "../../src/chains/evm/quantity.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { evmPlan, evmRequest } from "../factory/evm-account.ts";
import { safePlan } from "../factory/evm-safe.ts";
import { after, signed } from "../factory/gates.ts";
import {
  fromAccount,
  fromSafe,
  offered,
  withFields,
  withPlan,
  withSafeTx,
  type Offer,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

/** What was signed once is offered again, in `plan`, which is another transaction over the same nonce. */
function again(offer: Offer, plan: PlanDocument): Offer {
  const { custody, payouts, state } = offer;
  return { ...offer, plan, state: after(state, signed(evmRequest(custody, payouts, [offer.plan]), state)) };
}

function accountAgain(): Offer {
  const offer = fromAccount();
  const dearer = { snapshot: { tipWei: "2000000000" }, options: { feeRatesMilli: [40_000n] } };
  return again(offer, evmPlan(offer.custody, offer.payouts, dearer));
}

function safeAgain(): Offer {
  const offer = fromSafe(true);
  const { intents } = offer.plan.body;
  return again(offer, safePlan(offer.custody, [...offer.payouts].reverse(), { plan: { intents } }));
}

/** The plan says that it competes for nonce 8, as its bytes then do. */
const namedEight = (offer: Offer) =>
  withPlan(offer, ({ conflictKeys }) => ({
    conflictKeys: conflictKeys.map((key) => key.replace(/:7$/, ":8")),
  }));
const nonceEight = { nonce: quantityBytes(8n) };

pair("E2", "a payment from an account is made once more, over the next nonce", {
  good: accountAgain,
  bad: (offer) => namedEight(withFields(offer, nonceEight)),
  judge: offered,
  accepted: "signed",
  refused: "G10 NO_SHARED_COIN",
  removes: ["an attempt without a shared coin or nonce is dead"],
  without: "signed",
});

pair("E2", "a Safe's batch is made once more, over the next nonce", {
  good: safeAgain,
  bad: (offer) => namedEight(withSafeTx(offer, () => ({ nonce: 8n }))),
  judge: offered,
  accepted: "signed",
  refused: "G10 NO_SHARED_COIN",
  removes: ["an attempt without a shared coin or nonce is dead"],
  without: "signed",
});

pair("E2", "the next nonce stands in the bytes, and the plan names the one that was signed", {
  good: accountAgain,
  bad: (offer) => withFields(offer, nonceEight),
  judge: offered,
  accepted: "signed",
  refused: "G6 CONFLICT_KEYS_DIFFER",
  removes: ["a plan names the coins or nonce of its attempts"],
  without: "signed",
});
