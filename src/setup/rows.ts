/** The rows of a first policy: payments in two bands, and what only comes back to ourselves. */
import { bitcoinAsset } from "../core/asset.ts";
import type { IntentType } from "../core/documents/intent-types.ts";
import { parseName } from "../core/identifier.ts";
import type { PolicyRow } from "../core/policy/policy.ts";
import { unitsOf, type Answers } from "./answers.ts";
import { TEMPLATES } from "./template.ts";

const [HOUR, DAY] = [3600, 86_400];

/** How long people have to approve: a weekend lies between two working days. */
const APPROVAL_SECONDS = 3 * DAY;
const CLEARANCE_SECONDS = 7 * DAY;

/** One wallet, so there is no row for transfers: nothing of ours to transfer to. */
export function rowsOf(answers: Answers): readonly PolicyRow[] {
  const { small, large } = answers;
  const within = largestWithin(answers);
  return [
    {
      ...rowOf(answers, "small-withdrawals", "withdrawal", "small"),
      upToUnits: unitsOf(small.upTo, answers.network, "small.upTo").toString(),
      clearance: clearanceOf(answers, "small"),
      limits: windowsOf(answers, "small"),
    },
    {
      ...rowOf(answers, "large-withdrawals", "withdrawal", "large"),
      aboveUnits: unitsOf(small.upTo, answers.network, "small.upTo").toString(),
      upToUnits: unitsOf(large.upTo, answers.network, "large.upTo").toString(),
      delaySeconds: large.delayHours * HOUR,
      approvalSecondsMax: APPROVAL_SECONDS + large.delayHours * HOUR,
      clearance: clearanceOf(answers, "large"),
      limits: windowsOf(answers, "large"),
    },
    { ...rowOf(answers, "consolidations", "consolidate", "large"), upToUnits: within },
    rowOf(answers, "cancellations", "cancel", "large"),
    rowOf(answers, "attestations", "attest", "large"),
  ];
}

function rowOf(answers: Answers, name: string, type: IntentType, band: "small" | "large"): PolicyRow {
  const { network, wallet, fees, template } = answers;
  const feeMax = unitsOf(fees.max, network, "fees.max");
  const month = unitsOf(answers.large.month, network, "large.month").toString();
  return {
    name: parseName(name),
    type,
    asset: bitcoinAsset(network),
    aboveUnits: "0",
    // What is neither a payment nor a consolidation moves nothing.
    upToUnits: "1",
    wallets: [wallet],
    quorum: TEMPLATES[template].approvers[band],
    approvalSecondsMax: APPROVAL_SECONDS,
    delaySeconds: 0,
    clearance: "none",
    limits: { dayUnits: month, monthUnits: month },
    feeBudget: { dayUnits: (feeMax * 10n).toString(), monthUnits: (feeMax * 100n).toString() },
  };
}

function windowsOf(answers: Answers, band: "small" | "large"): PolicyRow["limits"] {
  const units = (window: "day" | "month") =>
    unitsOf(answers[band][window], answers.network, `${band}.${window}`).toString();
  return { dayUnits: units("day"), monthUnits: units("month") };
}

function clearanceOf({ template, tiers }: Answers, band: "small" | "large"): PolicyRow["clearance"] {
  if (!TEMPLATES[template].cleared.includes(band)) return "none";
  return { quorum: 1, secondsMax: CLEARANCE_SECONDS, tiers: [...tiers] };
}

// The most of a month's limit that one signer lets pass by itself (`signerShare`).
function largestWithin({ network, large, threshold, signers }: Answers): string {
  const month = unitsOf(large.month, network, "large.month");
  return ((month * BigInt(threshold)) / BigInt(signers.length)).toString();
}
