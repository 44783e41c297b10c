import { formatFeeRate, milliOf, rateUnitOf } from "../../core/fee-rate.ts";
import { counted } from "../../core/count.ts";
import { formatAmount, formatShort } from "../../core/amount.ts";
import { feeAsset, nativeAsset } from "../../core/asset.ts";
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import { missingFor, type Missing } from "../../core/policy/missing.ts";
import {
  custodyId,
  type ChainRules,
  type Policy,
  type PolicyDocument,
  type PolicyRow,
  type PolicyWallet,
} from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import { fullWords } from "../../core/words.ts";
import { drawToken } from "../../terminal/drawn-token.ts";
import { grouped } from "../../terminal/table.ts";
import { drawOnlineRules } from "./draw-online.ts";
import { span } from "./span.ts";

type Fact = readonly [label: string, value: string];

/**
 * A policy as facts in two columns, every field of it, and everything that people must compare written out.
 * @param previous the policy that it follows, where that is known: only with it can be said who must still sign
 */
export function drawPolicy(
  document: PolicyDocument,
  previous?: PolicyDocument,
  releases: readonly ApprovalDocument[] = [],
): readonly Fact[] {
  const { body, digest } = document;
  return [
    ["network", body.network],
    ["in force", `${body.issued} to ${body.expires}`],
    ["custody id", grouped(custodyId(document))],
    ...(body.previous === undefined ? [] : [["follows", grouped(body.previous)] as const]),
    ["digest", grouped(digest)],
    ["in words", fullWords(digest)],
    ...body.identities.map(
      ({ name, person, roles, key, alg }): Fact => [
        name,
        `${person} · ${roles.join(", ")} · ${grouped(key)}${alg === "ed25519" ? "" : " · security key"}`,
      ],
    ),
    ...body.signers.map(
      ({ name, epoch, since, key, startHead }): Fact => [
        name,
        `signer, epoch ${epoch} since number ${since} · ${grouped(key)} · journal from ${grouped(startHead)}`,
      ],
    ),
    ...body.wallets.map(drawWallet),
    ...body.chains.map((rules) => drawChain(rules)),
    ...(body.tokens ?? []).map(drawToken),
    ...body.rows.map(drawRow),
    ...drawOnlineRules(body.online),
    ...drawRules(body),
    drawSigned(document, previous, releases),
  ];
}

/** Who must still sign, quorum by quorum; empty when nobody. */
export function drawMissing(missing: readonly Missing[]): readonly Fact[] {
  return missing.map(({ quorum, have, need, who }) => [
    `missing: ${quorum}`,
    `${have} of ${need}${who.length === 0 ? "; nobody is left who could" : `; ${need - have} more of ${who.join(", ")}`}`,
  ]);
}

function drawSigned(
  document: PolicyDocument,
  previous: PolicyDocument | undefined,
  releases: readonly ApprovalDocument[],
): Fact {
  const { body, digest, signatures } = document;
  if (body.number === 1 || previous !== undefined) {
    const missing = missingFor(previous, document, releases);
    const names = [...new Set(missing.flatMap(({ who }) => who))];
    return ["missing", missing.length === 0 ? "no signature" : `signatures of ${names.join(", ")}`];
  }
  const signed = signatures.filter((signature) => verifySignature(digest, signature)).map(({ by }) => by);
  const names = [...body.identities, ...body.signers].filter(({ key }) => signed.includes(key));
  return ["signed by", names.map(({ name }) => name).join(", ") || "none of those whom it names"];
}

function drawWallet({
  name,
  threshold,
  signers,
  foreign,
  exactlyOnce,
  indexGap,
  descriptor,
}: PolicyWallet): Fact {
  const others = foreign === 0 ? "" : ` and ${foreign} not ours`;
  const once = exactlyOnce === "online" ? " · that nothing is paid twice hangs on the online host" : "";
  return [
    `wallet ${name}`,
    `${threshold} of ${signers.length + foreign}: ${signers.join(", ")}${others}${once} · index gap ${indexGap} · ${descriptor}`,
  ];
}

function drawChain({ chain, confirmations, fees }: ChainRules): Fact {
  const asset = nativeAsset(chain);
  const { absoluteUnitsMax, rateMax, sharePermilleMax, ladderRatioMax } = fees;
  return [
    "fees",
    `at most ${formatAmount({ asset, units: absoluteUnitsMax })}, ${formatFeeRate(milliOf(rateMax), rateUnitOf(chain))}, ${sharePermilleMax} ‰ of what is paid, dearest ${ladderRatioMax} times the cheapest · ${counted(confirmations, "confirmation")} on ${chain}`,
  ];
}

function drawRow(row: PolicyRow): Fact {
  const { asset, clearance, limits, feeBudget, delaySeconds } = row;
  const windows = ({ dayUnits, monthUnits }: PolicyRow["limits"], of = asset) =>
    `${formatShort({ asset: of, units: dayUnits })} a day and ${formatShort({ asset: of, units: monthUnits })} in 30 days`;
  return [
    `row ${row.name}`,
    [
      `${row.type} above ${formatAmount({ asset, units: row.aboveUnits })} up to ${formatAmount({ asset, units: row.upToUnits })} from ${row.wallets.join(", ")}: ${row.quorum} of the approvers, each good for ${span(row.approvalSecondsMax)}`,
      ...(delaySeconds === 0 ? [] : [`released ${span(delaySeconds)} after the last of them`]),
      ...(clearance === "none"
        ? ["no clearance"]
        : [
            `cleared by ${clearance.quorum} of compliance for ${clearance.tiers.join(", ")}, good for ${span(clearance.secondsMax)}`,
          ]),
      `${windows(limits)}`,
      `fees ${windows(feeBudget, feeAsset(asset))}`,
    ].join(" · "),
  ];
}

function drawRules(body: Policy): readonly Fact[] {
  const { quorums, recovery, beneficiaries, audit } = body;
  return [
    [
      "quorums",
      `${quorums.admin} of the admins for the next policy, ${quorums.beneficiary} of the approvers for a destination, ${quorums.resume} of the approvers to end a halt, ${quorums.build === 0 ? "no build key" : `${quorums.build} build keys`} for a signer's program`,
    ],
    [
      "recovery",
      recovery === undefined
        ? "none"
        : `${recovery.quorum} of the recovery keys replace admins, released after ${span(recovery.delaySeconds)}`,
    ],
    [
      "destinations",
      `good for at most ${span(beneficiaries.lifeSecondsMax)}, ${beneficiaries.delaySeconds === 0 ? "at once when" : `from ${span(beneficiaries.delaySeconds)} after`} they are signed`,
    ],
    ["kept apart", body.conflicts.map((set) => `in each payment ${set.join(" / ")}`).join("; ") || "nobody"],
    ["approvals", `those given since policy number ${body.approvalsSince} count`],
    ["clocks", `may differ by ${span(body.clockToleranceSeconds)}`],
    ["audit", `epoch ${audit.epoch}, from row ${audit.size}, root ${grouped(audit.root)}`],
    ["accepts", body.accepts.map(({ kind, versions }) => `${kind} ${versions.join("/")}`).join(", ")],
  ];
}
