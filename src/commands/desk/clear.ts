/** What compliance says of one or many intents, in one document. Pure. */
import { amount, formatDecimal, parseUnits, sum } from "../../core/amount.ts";
import { makeDocument } from "../../core/document.ts";
import { CLEARANCE, type Clearance } from "../../core/documents/clearance.ts";
import { declareError } from "../../core/errors.ts";
import { parseName } from "../../core/identifier.ts";
import { addSeconds, earlier, later, type Instant } from "../../core/instant.ts";
import { custodyId, type PolicyDocument, type PolicyRow } from "../../core/policy/policy.ts";
import { quoted } from "../../core/text.ts";
import { checkWords } from "../../core/words.ts";
import { seenOf } from "./seen.ts";
import { standingOf } from "./standing.ts";
import type { Occasion, Statement } from "./occasion.ts";
import type { IntentSubject } from "./subject.ts";
import { assertLiftable } from "./vote.ts";

export const CLEARANCE_UNFIT = declareError(
  "CLEARANCE_UNFIT",
  "usage",
  "A clearance for such a tier, or of such intents together, would count for nothing.",
);

/** @throws CLEARANCE_UNFIT, POLICY_DENIES; a refusal is always possible */
export function clearIntents(
  subjects: readonly IntentSubject[],
  policy: PolicyDocument,
  { flags: { tier, refuse }, now }: Pick<Occasion, "flags" | "now">,
): Statement {
  if ((tier === undefined) === (refuse === undefined)) {
    throw CLEARANCE_UNFIT("either --tier or --refuse is needed", {
      field: "--tier",
      hint: "--tier TIER to clear, --refuse CODE to refuse",
    });
  }
  assertOneOfEach(subjects);
  const decision = refuse === undefined ? "clear" : "refuse";
  const code = refuse === undefined ? parseName(tier ?? "", "--tier") : parseName(refuse, "--refuse");
  const document = makeDocument<Clearance>(CLEARANCE, {
    kind: "clearance",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    decision,
    code,
    // One order for one batch, whatever the order of the files.
    intents: subjects.map(({ document: { digest } }) => digest).sort(),
    policy: policy.body.number,
    expires:
      decision === "clear"
        ? subjects.map((subject) => lifeOf(subject, policy, code, now)).reduce(earlier)
        : subjects.map((subject) => subject.document.body.expires).reduce(later),
  });
  return {
    document,
    retype: totalOf(subjects),
    confirm: subjects.map((subject) => subject.document.digest),
    seen: subjects.map((subject) => seenOf(subject, decision, now)),
  };
}

// Until when this intent's row lets a clearance live; it must ask for one, and know the tier.
function lifeOf(subject: IntentSubject, policy: PolicyDocument, tier: string, now: Instant): Instant {
  const standing = standingOf(policy.body, subject, now);
  assertLiftable(standing);
  const row = standing.row as PolicyRow;
  const { id } = subject.document.body;
  if (row.clearance === "none") {
    throw CLEARANCE_UNFIT(`row ${row.name} asks for no clearance of intent ${id}`, {
      field: "file",
      hint: "leave its file out",
    });
  }
  const { tiers, secondsMax } = row.clearance;
  if (tiers.some((known) => known === tier)) return addSeconds(now, secondsMax);
  throw CLEARANCE_UNFIT(`row ${row.name} knows no tier ${quoted(tier)}, which intent ${id} would need`, {
    field: "--tier",
    hint: `--tier ${tiers.join(" | ")}`,
  });
}

function assertOneOfEach(subjects: readonly IntentSubject[]): void {
  const digests = subjects.map(({ document: { digest } }) => digest);
  const assets = new Set(subjects.map(({ document: { body } }) => body.asset));
  if (new Set(digests).size === digests.length && assets.size === 1) return;
  throw CLEARANCE_UNFIT(assets.size === 1 ? "one intent is given twice" : "the intents have several assets", {
    field: "file",
    hint: assets.size === 1 ? "give each file once" : "clear each asset apart",
  });
}

// What they come to: a batch that grew while it was carried shows.
function totalOf(subjects: readonly IntentSubject[]): string {
  const amounts = subjects.map(({ document: { body } }) => parseUnits(body.units, body.asset));
  const [first] = subjects as readonly [IntentSubject];
  const total = sum(first.document.body.asset, amounts);
  return total.units === amount(total.asset, 0n).units
    ? checkWords(first.document.digest)
    : formatDecimal(total);
}
