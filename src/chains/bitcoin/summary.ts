/** What a transaction or PSBT says for itself, in words. */
import { formatAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { JsonObject } from "../../core/canonical.ts";
import { counted } from "../../core/count.ts";
import type { Fact, Summary } from "../summary.ts";
import type { BitcoinSummary } from "./inspect.ts";

export function summaryOf(summary: BitcoinSummary): Summary {
  const { type: kind, warnings, refusals, message } = summary;
  const shown = unitsOf(summary);
  return {
    kind,
    // Undefined members are left out, as in every document of ours.
    data: JSON.parse(JSON.stringify(summary)) as JsonObject,
    facts: factsOf(summary),
    warnings,
    refusals,
    page: {
      message,
      pays: summary.outputs.map(({ units, address, kind: script, script: hex }) => ({
        amount: shown(units),
        address,
        otherwise: `${script} ${hex}`,
      })),
      fee:
        `${summary.feeUnits === undefined ? "unknown" : shown(summary.feeUnits)} on rung 1, ` +
        (summary.feeProven ? "by amounts that its parents prove" : "only claimed"),
      locks: summary.locks,
      takes: {
        title: `${message === undefined ? "spends" : "shows"} ${counted(summary.inputs.length, "coin")}`,
        each: summary.inputs.map(({ outpoint, units, proven }) => ({
          name: outpoint,
          about: units === undefined ? "amount unknown" : `${shown(units)}, ${proven ? "proven" : "claimed"}`,
        })),
      },
    },
  };
}

function unitsOf({ network }: BitcoinSummary): (units: string) => string {
  const asset = bitcoinAsset(network);
  return (units) => formatAmount({ asset, units });
}

function factsOf(summary: BitcoinSummary): readonly Fact[] {
  const shown = unitsOf(summary);
  return [
    ["kind", `bitcoin ${summary.type}, addresses of ${summary.network}`],
    ...(summary.message === undefined ? [] : [["signs message", summary.message] as const]),
    ["transaction", summary.transaction],
    ...summary.inputs.map(
      ({ outpoint, units, proven }): Fact => [
        summary.message === undefined ? "spends" : "shows",
        `${outpoint}${units === undefined ? "" : ` ${shown(units)}${proven ? ", proven" : ", claimed"}`}`,
      ],
    ),
    ...summary.outputs.map(
      ({ units, address, kind, script }): Fact => [
        summary.message === undefined ? "pays" : "pays nobody",
        `${shown(units)} to ${address ?? `${kind} ${script}`}`,
      ],
    ),
    [
      "fee",
      summary.feeUnits === undefined
        ? "unknown"
        : `${shown(summary.feeUnits)}, ${summary.feeProven ? "proven" : "claimed"}`,
    ],
    ["size", `${summary.virtualSize} vB`],
    ...summary.locks.map((lock): Fact => ["lock", lock]),
    ...(summary.psbt === undefined ? [] : psbtFacts(summary.psbt)),
  ];
}

// Which fields there are, all maps together: `previous transaction, key origin (3)`.
function psbtFacts({ version, fields }: NonNullable<BitcoinSummary["psbt"]>): readonly Fact[] {
  const said = (names: Readonly<Record<string, number>>) =>
    Object.entries(names)
      .map(([name, times]) => (times === 1 ? name : `${name} (${times})`))
      .join(", ") || "none";
  return [
    ["PSBT", `version ${version}, with ${said(fields.global)}`],
    ["of inputs", said(fields.input)],
    ["of outputs", said(fields.output)],
  ];
}
