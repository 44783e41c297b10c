/** How a comparison of ledger and chain is shown. */
import { formatDecimal } from "../core/amount.ts";
import { assetFacts } from "../core/asset.ts";
import type { Json } from "../core/canonical.ts";
import { declareError, type CustodyError } from "../core/errors.ts";
import { RECONCILE_FIRST } from "../home/trust.ts";
import type { OutputStream } from "../terminal/output.ts";
import { drawFacts, drawTable, grouped } from "../terminal/table.ts";
import type { Compared, WalletLine } from "../withdrawals/settling/reconcile.ts";

export const LEDGER_DIFFERS = declareError(
  "LEDGER_DIFFERS",
  "verification",
  "Ledger, chain and attempts do not say the same.",
);

/** Why a comparison lets nothing new leave, if so. */
export function failureOf({ verdict, differences, tip }: Compared): CustodyError | undefined {
  if (verdict === "even") return undefined;
  if (verdict === "differs")
    return LEDGER_DIFFERS(differences.join("; "), {
      field: "ledger",
      hint: "custody db reconcile   (people look, and two admins may accept it)",
    });
  return RECONCILE_FIRST(`the blocks up to height ${tip.height} are not read yet`, {
    field: "node",
    hint: "custody-watcher once   (again, until it has read them all)",
  });
}

export function describeCompared({ verdict, digest, report }: Compared): { readonly [name: string]: Json } {
  return { ...(report as { readonly [name: string]: Json }), verdict, digest };
}

/** Of several chains: the worst, and all of them. */
export function describeAll(worst: Compared, all: readonly Compared[]): { readonly [name: string]: Json } {
  return { ...describeCompared(worst), ...(all.length === 1 ? {} : { chains: all.map(describeCompared) }) };
}

export function drawCompared(compared: Compared, to: OutputStream): string {
  const { verdict, tip, audit, wallets, differences, digest } = compared;
  return (
    drawFacts([
      ["verdict", MEANING[verdict]],
      ["block", `${tip.hash} at height ${tip.height}`],
      ["audit tree", `${audit.size} rows, root ${grouped(audit.root)}`],
      ["report", grouped(digest)],
    ]) +
    drawTable(
      [
        { head: "WALLET" },
        { head: "ASSET" },
        ...COLUMNS.map(([head]) => ({ head, align: "right" as const })),
      ],
      wallets.map((line) => [
        line.wallet,
        assetFacts(line.asset).symbol,
        ...COLUMNS.map(([, name]) => formatDecimal({ asset: line.asset, units: line[name] })),
      ]),
      to,
    ) +
    drawFacts(differences.map((difference) => ["differs", difference] as const))
  );
}

const MEANING: Readonly<Record<Compared["verdict"], string>> = {
  even: "ledger, chain and attempts say the same",
  behind: "too few blocks were read to say",
  differs: "ledger, chain and attempts do not say the same",
};

/** COINS = LEDGER + UNCREDITED - UNDER WAY - FOREIGN + UNEXPLAINED. */
const COLUMNS = [
  ["COINS", "coins"],
  ["LEDGER", "ledger"],
  ["UNCREDITED", "uncredited"],
  ["UNDER WAY", "underWay"],
  ["FOREIGN", "foreign"],
  ["UNEXPLAINED", "unexplained"],
] as const satisfies readonly (readonly [string, keyof WalletLine])[];
