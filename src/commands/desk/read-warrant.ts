import { formatAmount } from "../../core/amount.ts";
import type { WarrantAct, WarrantDocument } from "../../core/documents/warrant.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { WARRANT_QUORUM, warrantedBy, warrantRole } from "../../core/policy/warrants.ts";
import type { Fact } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { namesOf, signedAs, type Findings } from "./reading.ts";

export function readWarrant(document: WarrantDocument, policy: Policy | undefined): Findings {
  const { act, expires } = document.body;
  const signed = policy === undefined ? [] : warrantedBy(policy, document);
  const role = warrantRole(act);
  return {
    facts: [
      ["WARRANT", MEANING[act.do]],
      ...factsOf(act),
      ["expires", expires],
      ["signed by", `${namesOf(signed)}: ${signed.length} of ${WARRANT_QUORUM} with role ${role}`],
    ],
    signed: signedAs("warrant", signed),
    missing: signed.length < WARRANT_QUORUM ? [`role ${role}: ${signed.length} of ${WARRANT_QUORUM}`] : [],
  };
}

const MEANING: Readonly<Record<WarrantAct["do"], string>> = {
  block: "the funds of a withdrawal on hold are frozen",
  unblock: "a frozen withdrawal goes back on hold",
  unhold: "a withdrawal that somebody has put on hold is screened again",
  requeue: "a dead letter is tried again",
  drop: "a dead letter is put away unsolved",
  lift: "a halt of the online host alone is over: it builds and sends again",
  reconcile: "the online database is taken for true: plans are built from it again",
  "book-loss": "coins that a transaction of somebody else's took are booked as the house's loss",
  paid: "a withdrawal is taken for paid by a transaction that is no attempt of ours",
  unpaid:
    "what a transaction of somebody else's paid was not this withdrawal: it may be paid, or its hold released",
  unsettle: "a withdrawal is not paid by a transaction that has left the chain: it is held again",
  credit: "a coin at an address that nobody here was given is credited to a customer",
  uncredit: "a deposit that left the chain is taken back: what was spent of it, its customer owes",
};

function factsOf(act: WarrantAct): readonly Fact[] {
  switch (act.do) {
    case "block":
    case "unblock":
    case "unhold":
      return [
        ["withdrawal", act.withdrawal],
        ["reason", act.code],
      ];
    case "requeue":
    case "drop":
      return [
        ["dead letter", act.letter],
        ["tried so far", `${act.attempts} times`],
      ];
    case "lift":
    case "reconcile":
      return hostFacts(act);
    case "unpaid":
      return [
        ["withdrawal", act.withdrawal],
        ["not paid by", grouped(act.transaction)],
        ...act.coins.map((coin): Fact => ["its output", coin]),
      ];
    default:
      return moneyFacts(act);
  }
}

/** Acts by which the online host goes on that had stopped. */
function hostFacts(act: Extract<WarrantAct, { readonly do: "lift" | "reconcile" }>): readonly Fact[] {
  if (act.do === "lift") {
    return [
      ["flag", act.flag],
      ["raised for", act.code],
      ["version", `${act.version}: it ends as it was when this was drafted, raised again it stays`],
    ];
  }
  const each = act.addresses === 0 ? "passed over by each wallet's gap" : undefined;
  return [
    ["audit tree", `${act.size} rows, root ${grouped(act.root)}`],
    ["report", `${grouped(act.report)}: compare it with the report that you have read`],
    ["addresses", each ?? `${act.addresses} of each wallet passed over`],
  ];
}

/** Acts that book an amount. */
type Booking = Extract<WarrantAct, { readonly units: string }>;

function moneyFacts(act: Booking): readonly Fact[] {
  const amount = formatAmount(act);
  switch (act.do) {
    case "book-loss":
      return [
        ["transaction", grouped(act.transaction)],
        ["from wallet", act.wallet],
        ["taken", amount],
      ];
    case "paid":
      return [
        ["withdrawal", act.withdrawal],
        ["amount", amount],
        ["to", act.account],
        ["by transaction", `${grouped(act.transaction)}: look at it on a node of yours`],
      ];
    case "unsettle":
      return [
        ["withdrawal", act.withdrawal],
        ["amount", amount],
        ["not paid by", `${grouped(act.transaction)}: look for it on a node of yours`],
        ["as said by", `warrant ${grouped(act.settlement)}`],
      ];
    case "credit":
      return [
        ["coin", act.coin],
        ["at address", `${act.account}: look at it on a node of yours`],
        ["to customer", `${act.customer}: who says that it was given to this one?`],
        ["amount", amount],
      ];
    case "uncredit":
      return [
        ["deposit", act.coin],
        ["customer", act.customer],
        ["amount", amount],
      ];
  }
}
