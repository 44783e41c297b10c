/**
 * A whole request at a signer, by whoever owns the online host and its session key: everything in it can be changed and
 * signed again. What passes the gates must pay exactly what was approved.
 */
import { documentBytes, makeDocument, parseDocument } from "../../../src/core/document.ts";
import { REQUEST } from "../../../src/core/documents/request.ts";
import type { ReviewDocument } from "../../../src/core/documents/review.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { readContainer } from "../../../signer/gates/g1-container.ts";
import {
  builtFor,
  makeCustody,
  payout,
  planFor,
  previousOf,
  requestFor,
  stateFor,
} from "../../factory/custody.ts";
import { signedDocument } from "../../factory/documents.ts";
import { reviewed } from "../../factory/gates.ts";
import { at, SESSION } from "../../factory/identities.ts";
import { ask, planned, THREE_RUNGS } from "../../factory/requests.ts";
import { mutateJson, plausibleValue, rendered, spoiltValue } from "../mutate-json.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";

const custody = makeCustody();
const state = stateFor(custody);
const first = payout(custody);
const second = payout(custody, { label: "order 78", units: "1000000" });
const payouts = [first, second];

const samples = once(() => {
  return [
    requestFor(custody, [first], [planFor(custody, [first])]),
    requestFor(custody, payouts, [planFor(custody, payouts)], {
      previous: previousOf([builtFor(custody, payouts)]),
    }),
    ask(custody, [planned(custody, [first], { options: THREE_RUNGS })]),
  ].map((one) => documentBytes(one));
});

const container: Target = {
  name: "container",
  samples,
  mutate: mutateJson,
  decode: (input) => documentBytes(readContainer(input, "regtest").request),
  cases: 800,
};

/** Spoilt values, under a signature of the session that fits them where they are a request at all. */
const spoiltAndSigned: Mutate = (random, sample) => {
  const bytes = utf8(
    rendered((random.chance(75) ? plausibleValue : spoiltValue)(random, JSON.parse(textOf(sample)))),
  );
  try {
    const { body } = parseDocument(REQUEST, bytes);
    return documentBytes(signedDocument(makeDocument(REQUEST, body), [SESSION], at("09:20:00")));
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return bytes;
  }
};

/** What the approved intents pay: by intent id, to whom and how much. */
const approved = new Map(
  payouts.map(({ intent: { body }, beneficiary }) => [body.id, `${beneficiary.body.account} ${body.units}`]),
);

/** Every rung pays each of its intents once, as it was approved, and nobody else. */
function assertApproved({ body }: ReviewDocument): void {
  for (const { rungs, cancel } of body.plans) {
    for (const { effects } of [...rungs, ...(cancel === undefined ? [] : [cancel])]) {
      const paid = effects.filter((effect) => effect.type === "pay");
      promised(new Set(paid.map(({ intent }) => intent)).size === paid.length, "an intent is paid twice");
      for (const { intent, account, units } of paid)
        promised(approved.get(intent) === `${account} ${units}`, "the gates let pass what nobody approved");
      promised(
        effects.every(({ type }) => type === "pay" || type === "change"),
        "the gates let pass an effect of another kind",
      );
    }
  }
}

const gates: Target = {
  name: "gates",
  samples,
  mutate: spoiltAndSigned,
  decode: (input) => {
    assertApproved(reviewed(input, state).review);
    return undefined;
  },
  cases: 250,
};

export const REQUEST_TARGETS: readonly Target[] = [container, gates];
