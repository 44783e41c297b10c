/** A bundle as a person reads it: what would happen, who has said yes or no, and what is missing. */
import { formatAmount } from "../../core/amount.ts";
import { counted } from "../../core/count.ts";
import { splitAccount } from "../../core/account.ts";
import { contractAt, type BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import type { Intent, IntentDocument } from "../../core/documents/intent.ts";
import type { Instant } from "../../core/instant.ts";
import { LIFTABLE } from "../../core/policy/evaluate.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import type { Fact, Facts, Finding } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { coinText, namesOf, signedAs, type Findings } from "./reading.ts";
import { generationFacts, generationWarnings } from "./read-generations.ts";
import type { Seen } from "./seen.ts";
import { similarTo } from "./similar.ts";
import { missingFor, standingOf, type Standing } from "./standing.ts";
import type { IntentSubject } from "./subject.ts";

/** @param seen what this desk remembers */
export function readIntent(
  subject: IntentSubject,
  policy: PolicyDocument | undefined,
  seen: readonly Seen[],
  now: Instant,
): Findings {
  const { document, evidence } = subject;
  const similar = similarTo(subject, seen, now);
  const standing = policy === undefined ? undefined : standingOf(policy.body, subject, now);
  const missing = standing === undefined ? [] : missingFor(standing);
  return {
    facts: [
      ...effectFacts(document.body, evidence.beneficiary),
      ...intentFacts(subject),
      ...(standing === undefined ? [] : standingFacts(standing)),
      ...signedHere(document, seen),
    ],
    signed:
      standing === undefined
        ? []
        : [
            ...signedAs("approve", standing.approvers),
            ...signedAs("release", standing.releasers),
            ...signedAs("clear", standing.clearedBy),
            ...signedAs("reject", standing.rejectedBy),
            ...signedAs("refuse", standing.refusedBy),
          ],
    missing: missing.map(({ says }) => says),
    waitsFor: missing[0]?.word,
    similar: similar.earlier,
    warnings: [...warningsOf(subject, policy), ...similar.warnings],
  };
}

/** Where a customer may be paid. */
export function destinationFacts(beneficiary: BeneficiaryDocument): Facts {
  const { body } = beneficiary;
  const { chain, address } = splitAccount(body.account);
  const contract = contractAt(beneficiary);
  return [
    ["to", grouped(address)],
    ...(contract === undefined
      ? []
      : ([
          ["A CONTRACT", `its code runs when it is paid, with up to ${contract.gasLimit} gas`],
          ["whose code is", grouped(contract.codeHash)],
        ] as const)),
    ["on", `${body.network} (${chain})`],
    ...(body.memo === undefined ? [] : [["memo", body.memo] as const]),
    ["customer", body.customer],
    ["destination is good", `${body.notBefore} to ${body.expires}`],
  ];
}

// What a signer would make of it: said by type, for each has effects of its own.
function effectFacts(body: Intent, beneficiary: BeneficiaryDocument | undefined): Facts {
  switch (body.type) {
    case "withdrawal":
      return [
        ["PAY", formatAmount(body)],
        ...(beneficiary === undefined ? [] : destinationFacts(beneficiary)),
      ];
    case "transfer":
      return [
        ["TRANSFER", formatAmount(body)],
        ["from our wallet", body.wallet],
        ["to our wallet", body.destination],
      ];
    case "consolidate":
      return [
        ["CONSOLIDATE", `at most ${formatAmount(body)}, fee included`],
        ["within our wallet", body.wallet],
      ];
    case "cancel":
      return [
        ["CANCEL", `spend ${counted(body.conflictKeys.length, "coin")} of ours back to ourselves`],
        ["within our wallet", body.wallet],
        ...body.conflictKeys.map((key): Fact => ["coin", coinText(key)]),
      ];
    case "attest":
      return [
        ["SIGN A MESSAGE", "by the keys of our wallet; nothing moves"],
        ["message", body.message],
        ["wallet", body.wallet],
        ["shows coins", body.coins ? "all that the wallet has when it is built" : "none"],
      ];
    case "control":
      return [
        ["CHANGE WHO COMMANDS", `our wallet ${body.wallet}, and all that it holds`],
        ["change", body.change],
      ];
  }
}

function intentFacts(subject: IntentSubject): readonly Finding[] {
  const { body } = subject.document;
  const { beneficiary } = subject.evidence;
  const destination: readonly Finding[] =
    body.type !== "withdrawal"
      ? []
      : [
          matches(body, beneficiary)
            ? ["destination", "is the one that the intent names"]
            : ["destination", "IS NOT THE ONE THAT THE INTENT NAMES: do not sign", "alarm"],
        ];
  return [
    ["intent", `${body.id}, requested by ${body.requester}, born under policy number ${body.born}`],
    ...generationFacts(subject),
    ...destination,
    ["expires", body.expires],
  ];
}

function standingFacts({ verdict, row, approvers, ...standing }: Standing): readonly Finding[] {
  const said: Finding[] = [];
  if (row !== undefined) {
    said.push([
      "approved by",
      `${namesOf(approvers)}: ${approvers.length} of ${row.quorum} (row ${row.name})`,
    ]);
    if (row.delaySeconds > 0) said.push(["released by", namesOf(standing.releasers)]);
    if (row.clearance !== "none") said.push(["cleared by", namesOf(standing.clearedBy)]);
  }
  if (standing.rejectedBy.length > 0) said.push(["REJECTED by", namesOf(standing.rejectedBy), "alarm"]);
  if (standing.refusedBy.length > 0) said.push(["REFUSED by", namesOf(standing.refusedBy), "alarm"]);
  const lifted = verdict.allowed || LIFTABLE.has(verdict.rule);
  if (!lifted) return [...said, ["policy says", `DENIED, ${verdict.rule}: ${verdict.why}`, "alarm"]];
  const says = verdict.allowed ? `allowed by row ${verdict.row.name}` : `not yet: ${verdict.why}`;
  return [...said, ["policy says", says]];
}

// A second approval is no second approver; whoever forgot the first may take it for one.
function signedHere({ digest }: IntentDocument, seen: readonly Seen[]): Facts {
  const said = seen.filter((one) => one.digest === digest && one.decision !== "reviewed");
  return said.length === 0
    ? []
    : [["signed here", said.map(({ decision, at }) => `${decision} at ${at}`).join(", ")]];
}

function matches(body: Intent, beneficiary: BeneficiaryDocument | undefined): boolean {
  return body.type === "withdrawal" && beneficiary?.digest === body.beneficiary;
}

function warningsOf(subject: IntentSubject, policy: PolicyDocument | undefined) {
  const { document, evidence, policy: number } = subject;
  const { body } = document;
  const warnings: string[] = [];
  if (body.type === "withdrawal" && !matches(body, evidence.beneficiary))
    warnings.push("the destination is not the one that the intent names: do not sign");
  if (policy !== undefined && number > policy.body.number)
    warnings.push(
      `the online host works under policy number ${number}, number ${policy.body.number} is pinned here: what is signed now may not count`,
    );
  return [...warnings, ...generationWarnings(subject)];
}
