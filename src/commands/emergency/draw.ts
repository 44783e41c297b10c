/** The halts in force, as JSON and as facts. */
import type { Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { haltsNow } from "../../withdrawals/evidence.ts";

export function describeHalts(online: Online) {
  return haltsNow(READS, online.store).map(({ digest, body, signatures }) => ({
    halt: digest,
    id: body.id,
    scope: body.scope.of === "everything" ? "everything" : `wallet:${body.scope.wallet}`,
    code: body.code,
    ...(signatures[0] === undefined ? {} : { at: signatures[0].at }),
  }));
}

export function drawHalts(halts: ReturnType<typeof describeHalts>): (readonly [string, string])[] {
  if (halts.length === 0) return [["halts", "none in force"]];
  return halts.map(({ halt, scope, code, at }) => [
    "HALT",
    `over ${scope} (${code})${at === undefined ? "" : ` since ${at}`}, digest ${halt}`,
  ]);
}
