import { counted } from "../../../src/core/count.ts";
import { formatAmount, formatDecimal } from "../../../src/core/amount.ts";
import { assetFacts, feeAsset } from "../../../src/core/asset.ts";
import { embed } from "../../../src/core/document.ts";
import { custodyId, ROLES, type PolicyRow } from "../../../src/core/policy/policy.ts";
import { holders } from "../../../src/core/policy/roles.ts";
import { fullWords } from "../../../src/core/words.ts";
import type { Run } from "../../../src/terminal/command.ts";
import { drawToken } from "../../../src/terminal/drawn-token.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";
import { pinnedPolicyOf } from "../pinned-wallet.ts";
import { drawPolicyWallets } from "./wallets.ts";

export const run: Run = async (call) => {
  const policy = pinnedPolicyOf(load(homeOfCall(call)));
  const { body } = policy;
  const custody = custodyId(policy);
  const people = ROLES.map((role) => [role, holders(body, role)] as const)
    .filter(([, found]) => found.length > 0)
    .map(
      ([role, found]) => [role, found.map(({ name, person }) => `${name} (${person})`).join(", ")] as const,
    );
  return {
    data: { custody, digest: policy.digest, policy: embed(policy) },
    text: drawFacts([
      ["policy", `number ${body.number}, ${body.network}, in force to ${body.expires}`],
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ...people,
      ...body.signers.map(
        ({ name, epoch, key }) => [`signer ${name}`, `epoch ${epoch}, ${grouped(key)}`] as const,
      ),
      ...drawPolicyWallets(policy),
      ...body.wallets.map(({ name, descriptor }) => [`descriptor of ${name}`, descriptor] as const),
      ...(body.tokens ?? []).map(drawToken),
      ...body.rows.map((row) => [`row ${row.name}`, sayRow(row)] as const),
      [
        "quorums",
        Object.entries(body.quorums)
          .map(([name, count]) => `${name} ${count}`)
          .join(", "),
      ],
    ]),
  };
};

// The band in the asset's units, fees in those of the coin that pays them; what delays and clears is said only where the row has it.
function sayRow({ type, asset, aboveUnits, upToUnits, wallets, ...row }: PolicyRow): string {
  const shown = (units: string) => formatDecimal({ asset, units });
  const coin = feeAsset(asset);
  const fee = (units: string) => formatDecimal({ asset: coin, units });
  return [
    `${type} above ${shown(aboveUnits)} to ${formatAmount({ asset, units: upToUnits })} from ${wallets.join(", ")}`,
    counted(row.quorum, "approver"),
    ...(row.delaySeconds === 0 ? [] : [`a release after ${counted(row.delaySeconds, "second")}`]),
    ...(row.clearance === "none"
      ? []
      : [`${row.clearance.quorum} of compliance for ${row.clearance.tiers.join(", ")}`]),
    `${shown(row.limits.dayUnits)} a day, ${shown(row.limits.monthUnits)} in 30 days`,
    `fees ${fee(row.feeBudget.dayUnits)} and ${fee(row.feeBudget.monthUnits)}${coin === asset ? "" : ` ${assetFacts(coin).symbol}`}`,
  ].join("; ");
}
