import { formatAmount, parseUnits } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { missingSignatures } from "../../core/policy/verify.ts";
import { fullWords } from "../../core/words.ts";
import { grouped } from "../../terminal/table.ts";

/** A policy as facts in two columns, everything that people must compare written out. */
export function drawPolicy(document: PolicyDocument): (readonly [string, string])[] {
  const { body, digest } = document;
  const missing = missingSignatures(document);
  return [
    ["network", body.network],
    ["in force", `${body.issued} to ${body.expires}`],
    ["custody id", grouped(custodyId(document))],
    ["digest", grouped(digest)],
    ["in words", fullWords(digest)],
    ...body.identities.map(
      ({ name, person, roles, key }) => [name, `${person} · ${roles.join(", ")} · ${grouped(key)}`] as const,
    ),
    ...body.signers.map(
      ({ name, epoch, key }) => [name, `signer, epoch ${epoch} · ${grouped(key)}`] as const,
    ),
    ...body.wallets.map(
      ({ name, descriptor, signers }) =>
        [`wallet ${name}`, `${descriptor} · signed by ${signers.join(", ")}`] as const,
    ),
    ...body.chains.map(
      ({ chain, confirmations, fees }) =>
        [
          "fees",
          `at most ${formatAmount(parseUnits(fees.absoluteUnitsMax, bitcoinAsset(body.network)))}, ${fees.rateMax} sat/vB, ${fees.sharePermilleMax} ‰ of what is paid · ${confirmations} confirmations on ${chain}`,
        ] as const,
    ),
    ...body.rows.map(
      ({ name, type, asset, aboveUnits, upToUnits, quorum, wallets }) =>
        [
          `row ${name}`,
          `${type} above ${formatAmount(parseUnits(aboveUnits, asset))} up to ${formatAmount(parseUnits(upToUnits, asset))} from ${wallets.join(", ")}: ${quorum} of the approvers`,
        ] as const,
    ),
    ["missing", missing.length === 0 ? "no signature" : `signatures of ${missing.join(", ")}`],
  ];
}
