/**
 * What stands in a request, drawn without believing any of it: for a rehearsal, and for what was read before a gate
 * refused. No policy, no journal and no key is asked, so nothing here is proven but what the bytes themselves prove.
 */
import { allAttempts } from "../../src/chains/attempts.ts";
import { summaryOfPlan } from "../../src/chains/plan-summary.ts";
import type { Summary } from "../../src/chains/summary.ts";
import { splitAccount } from "../../src/core/account.ts";
import { nativeAsset } from "../../src/core/asset.ts";
import { counted } from "../../src/core/count.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { checkWords } from "../../src/core/words.ts";
import { amount, formatAmount, type Amount } from "../../src/core/amount.ts";
import {
  groupedRow,
  row,
  section,
  verbatimRow,
  type Page,
  type Row,
  type Section,
} from "../../src/terminal/review/page.ts";
import type { Container } from "../gates/g1-container.ts";

/** @param above what the reader must know first: why nothing was judged, or who refused */
export function unjudgedPage(container: Container, above: Section): Page {
  const { request, parts } = container;
  const { network } = request.body;
  const previous = request.body.previous.map((text, place) => fromBase64(text, `request.previous[${place}]`));
  const enclosed = enclosedIn(container);
  return {
    network,
    sections: [
      above,
      ...parts.plans.flatMap((plan, place) => {
        const name = `Plan ${place + 1} of ${parts.plans.length}`;
        try {
          return planSections(container, plan, {
            summary: summaryOfPlan(plan.body, previous),
            name,
            enclosed,
          });
        } catch (error) {
          // The gates say no to it; what says why must not end on it as well.
          if (!(error instanceof CustodyError)) throw error;
          return [section(name, [row("WARNING", `its bytes cannot be read: ${error.message}`, "warning")])];
        }
      }),
      section("What was read", [
        groupedRow("request digest", request.digest),
        row("check words", checkWords(request.digest), "strong"),
      ]),
    ],
  };
}

/** What a plan's own intents ask to be paid. Nobody has judged whether they may. */
export function askedBy({ parts }: Container, plan: PlanDocument): readonly Amount[] {
  return intentsOf(parts.intents, plan)
    .filter(({ body: { type } }) => type === "withdrawal" || type === "transfer")
    .map(({ body }) => amount(body.asset, BigInt(body.units)));
}

function intentsOf(intents: readonly IntentDocument[], { body }: PlanDocument): readonly IntentDocument[] {
  const named = new Set(body.intents);
  return intents.filter(({ digest }) => named.has(digest));
}

type Read = {
  readonly summary: Summary;
  readonly name: string;
  readonly enclosed: Enclosed;
};

/** By digest, for a request may hold tens of thousands of each. */
type Enclosed = {
  readonly beneficiaries: ReadonlyMap<Digest, BeneficiaryDocument>;
  readonly approvals: ReadonlyMap<Digest, number>;
};

function enclosedIn({ parts }: Container): Enclosed {
  const approvals = new Map<Digest, number>();
  for (const { body } of parts.approvals) approvals.set(body.intent, (approvals.get(body.intent) ?? 0) + 1);
  return { approvals, beneficiaries: new Map(parts.beneficiaries.map((one) => [one.digest, one])) };
}

function planSections(
  container: Container,
  plan: PlanDocument,
  { summary: { refusals, warnings, page }, name, enclosed }: Read,
): readonly Section[] {
  const { wallet, chain } = plan.body;
  const asset = nativeAsset(chain);
  const fees = allAttempts<{ readonly feeUnits: string }>(plan.body).map(({ feeUnits }) =>
    formatAmount({ asset, units: feeUnits }),
  );
  const { message, takes, locks, fee } = page;
  return [
    section(`${name}: it says that wallet ${wallet} pays`, [
      ...refusals.map(({ rule, why }) => row("NEVER SIGNED", `${rule}: ${why}`, "warning")),
      ...warnings.map((warning) => row("WARNING", warning, "warning")),
      ...intentsOf(container.parts.intents, plan).flatMap((intent) => askedRows(enclosed, intent)),
      ...(message === undefined
        ? []
        : [row("SIGNS", "a message, as its own bytes say:"), verbatimRow(message)]),
      ...paidRows(page),
      row("FEE", fee),
      row("", `it says that its attempts cost ${fees.join(", ")}`),
      ...(locks.length === 0
        ? [row("LOCKS", "none: it could be sent at once")]
        : locks.map((lock) => row("LOCK", lock))),
    ]),
    section(
      `${name} ${takes.title}`,
      takes.each.flatMap(({ name: taken, about }, place) => [
        row(`${place + 1}`, taken),
        ...(about === undefined ? [] : [row("", about)]),
      ]),
    ),
  ];
}

function askedRows({ beneficiaries, approvals }: Enclosed, { body, digest }: IntentDocument): readonly Row[] {
  const destination = body.type === "withdrawal" ? beneficiaries.get(body.beneficiary)?.body : undefined;
  return [
    row("ASKED", `${body.type} of ${formatAmount(body)}`, "strong"),
    ...(destination === undefined ? [] : [groupedRow("", splitAccount(destination.account).address)]),
    ...(destination?.memo === undefined ? [] : [row("", `memo ${destination.memo}`)]),
    ...(body.type === "transfer" ? [row("", `to wallet ${body.destination}`)] : []),
    ...(body.type === "attest" ? [row("", "to sign this message:"), verbatimRow(body.message)] : []),
    ...(body.type === "control"
      ? [row("", `to change who commands wallet ${body.wallet}: ${body.change}`)]
      : []),
    row("", `intent ${body.id}, generation ${body.generation}, asked for by ${body.requester}`),
    row("", `${counted(approvals.get(digest) ?? 0, "approval")} enclosed, not judged here`),
  ];
}

// Without the policy nobody can say which output is change: none is called so.
function paidRows({ pays, message }: Summary["page"]): readonly Row[] {
  const label = message === undefined ? "OUT" : "NO OUT";
  return pays.flatMap(({ amount, address, otherwise }) => [
    row(label, amount),
    address === undefined ? row("", otherwise) : groupedRow("", address),
  ]);
}
