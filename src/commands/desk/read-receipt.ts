/** A signer's answer as a person reads it: what was signed or why not, and whether this desk had a say in it. */
import { rungName } from "../../chains/attempts.ts";
import { formatAmount } from "../../core/amount.ts";
import { counted } from "../../core/count.ts";
import { coinsOn } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import { chainInKey } from "../../core/conflict-key.ts";
import type { Name } from "../../core/identifier.ts";
import type { ReceiptDocument, SignedPlan } from "../../core/documents/receipt.ts";
import { fromEmbedded } from "../../core/document.ts";
import { REVIEW } from "../../core/documents/review.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import type { Policy, PolicyDocument } from "../../core/policy/policy.ts";
import type { Fact, Facts } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { namesOf, type Findings } from "./reading.ts";
import { headsIn, signerOfReceipt } from "./receipt-heads.ts";
import type { Seen } from "./seen.ts";

/** @throws RECEIPT_UNVERIFIED, JOURNAL_BROKEN: a receipt that does not verify says nothing */
export function readReceipt(
  receipt: ReceiptDocument,
  policy: PolicyDocument | undefined,
  seen: readonly Seen[],
): Findings {
  const { signer, epoch, outcome, request, journal, policy: number } = receipt.body;
  const at = receipt.signatures[0]?.at;
  const facts: Fact[] = [
    outcome.type === "signed"
      ? ["SIGNED", `by ${signer}, epoch ${epoch}, under policy number ${number}`]
      : ["REFUSED", `by ${signer}, epoch ${epoch}: gate ${outcome.gate}, rule ${outcome.rule}`],
    ["request", grouped(request)],
    ...(outcome.type === "signed"
      ? outcome.plans.flatMap((plan) =>
          planFacts(plan, { network: receipt.body.network, policy: policy?.body }, seen),
        )
      : []),
    ["journal", `${counted(journal.length, "entry", "entries")} before this one`],
  ];
  if (policy === undefined) return { facts };
  headsIn(receipt, signerOfReceipt(policy.body, receipt));
  const review = outcome.type === "signed" ? fromEmbedded(REVIEW, outcome.review) : undefined;
  const officers = review === undefined ? [] : countSignatures(policy.body, "officer", review);
  return {
    facts: [
      ...facts,
      ...(review === undefined ? [] : [["confirmed by", namesOf(officers)] as const]),
      ["policy says", `${signer} is the signer that the pinned policy names`],
    ],
    signed: at === undefined ? [] : [{ name: signer, as: "signer", at }],
    missing: review !== undefined && officers.length === 0 ? ["an officer's signature"] : [],
  };
}

type Known = { readonly network: Network; readonly policy: Policy | undefined };

function planFacts(plan: SignedPlan, known: Known, seen: readonly Seen[]): Facts {
  return [
    ["plan", `${grouped(plan.plan)}, wallet ${plan.wallet}, fee at most ${feeText(plan, known)}`],
    ...plan.intents.map(({ intent, family, units, row }): Fact => {
      const own = seen
        .filter(({ digest }) => digest === intent)
        .map(({ decision, at }) => `${decision} at ${at}`);
      const here = own.length === 0 ? "never seen at this desk" : `here: ${own.join(", ")}`;
      return ["intent", `${family.intent}, ${amountText(units, row, known)}, row ${row} (${here})`];
    }),
    ...plan.rungs.map(({ rung, transaction }): Fact => {
      const what = rung === "cancel" ? "cancels" : rungName(rung);
      return ["transaction", `${grouped(transaction)} (${what})`];
    }),
  ];
}

// A receipt names chains by what its plans compete for, and an asset by the row alone.
function feeText({ conflictKeys, feeUnits }: SignedPlan, { network }: Known): string {
  const chain = chainInKey(conflictKeys[0] ?? "");
  const coin = coinsOn(network).find((asset) => asset.chain === chain);
  return coin === undefined ? `${feeUnits} base units` : formatAmount({ asset: coin.id, units: feeUnits });
}

function amountText(units: string, row: Name, { policy }: Known): string {
  const asset = policy?.rows.find(({ name }) => name === row)?.asset;
  return asset === undefined ? `${units} base units` : formatAmount({ asset, units });
}
