/** A movement as JSON and as facts; used wherever one is answered. */
import { formatAmount } from "../../core/amount.ts";
import type { Intent } from "../../core/documents/intent.ts";
import type { MovementRow } from "../../treasury/ports.ts";

export function describe(movement: MovementRow) {
  const { id, type, state, wallet, destination, target, childOf, asset, units, intent, reason, version } =
    movement;
  return {
    id,
    type,
    state,
    wallet,
    ...(destination === undefined ? {} : { destination }),
    ...(target === undefined ? {} : { target }),
    ...(childOf === undefined ? {} : { childOf }),
    asset,
    units: units.toString(),
    amount: formatAmount({ asset, units }),
    intent,
    ...(reason === undefined ? {} : { reason }),
    version,
  };
}

export function drawMovement(movement: MovementRow): (readonly [string, string])[] {
  const { id, type, state, wallet, destination, target, childOf, asset, units, reason } = movement;
  return [
    ["intent", id],
    ["type", type],
    ["state", reason === undefined ? state : `${state} (${reason})`],
    ["from", wallet],
    ...(destination === undefined ? [] : [["to", destination] as const]),
    ...(target === undefined ? [] : [["brings back", `coins of plan ${target}`] as const]),
    ...(childOf === undefined ? [] : [["has mined", `plan ${childOf}, whose change it spends`] as const]),
    ...(units === 0n
      ? []
      : [[type === "consolidate" ? "at most" : "amount", formatAmount({ asset, units })] as const]),
  ];
}

/** What an intent asks for in words, where it does: a message, or who shall command a wallet. */
export function wordsData(body: Intent) {
  if (body.type === "control") return { change: body.change };
  return body.type === "attest" ? { message: body.message, coins: body.coins } : {};
}

export function wordsFacts(body: Intent): (readonly [string, string])[] {
  if (body.type === "control") return [["change", body.change]];
  return body.type === "attest"
    ? [
        ["message", body.message],
        ["shows coins", body.coins ? "all that the wallet has when it is built" : "none"],
      ]
    : [];
}

/** What a person would do next with it. */
export function nextFor({ id, state, type }: MovementRow, plan?: string): string {
  if (state === "PENDING_APPROVAL" || state === "COOLING")
    return `custody intent bundle ${id} --out bundle.json`;
  if (state === "READY") return `custody intent build ${id}`;
  if (state === "PLANNED" && plan !== undefined) return `custody withdraw export ${plan} --out request.json`;
  if (state === "SIGNED") return "custody-watcher once";
  if (state === "REVOKING")
    return `custody intent bundle ${id} --out bundle.json   (for custody-signer void at each signer)`;
  if (state === "EXPIRED") return `custody intent new --type ${type}   (nothing of this one can settle)`;
  return `custody intent show ${id}`;
}
