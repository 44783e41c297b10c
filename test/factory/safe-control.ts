/** A change of who commands the fixtures' Safe, planned for an intent that says what it shall be. */
import type { BuildTask } from "../../src/chains/adapter.ts";
import { evmBuilder } from "../../src/chains/evm/index.ts";
import { feeCapsOf } from "../../src/core/policy/fee-caps.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { reviewed } from "./gates.ts";
import { stateFor, viewOf } from "./custody.ts";
import { row } from "./documents.ts";
import { ETHER, evmOwnPlan } from "./evm-account.ts";
import { ownSafe, safeCustody, safeSnapshot, strangeOwner } from "./evm-safe.ts";
import { ask, wish, type Planned } from "./requests.ts";
import { codeOf } from "./thrown.ts";

const ONE = (10n ** 18n).toString();
const limits = { dayUnits: ONE, monthUnits: ONE };
const own = row("controls", "0", "1", 1, { type: "control", asset: ETHER, limits, feeBudget: limits });
export const controlled = safeCustody(undefined, { rows: [...safeCustody().policy.body.rows, own] });
const lists = { owners: [...ownSafe().owners], modules: [] };
/** One owner more. */
export const ADD = `add owner ${strangeOwner("new").address}, threshold 2`;

/** A plan that does `task`, for an intent of type control that says `change`. */
export function controlPlanned(change: string, task: BuildTask, nonce = 7n): Planned {
  const [rules] = controlled.policy.body.chains as [Policy["chains"][number]];
  const built = evmBuilder.build(task, viewOf(controlled), safeSnapshot({ lists, nonce: nonce.toString() }), {
    feeRatesMilli: [20_000n],
    caps: feeCapsOf(rules),
    anchors: [],
  });
  const asked = wish(controlled, "control", { change, units: "0" }, { asset: ETHER });
  const plan = evmOwnPlan(controlled, asked.intent, { ...built, cancel: undefined }, `controlling ${nonce}`);
  return { plan, previous: [], payouts: [], wishes: [asked] };
}

export const controlTask = (change: string): BuildTask => ({ type: "control", change });

/** "none" where a signer takes it, else the gate's code. */
export const controlSaid = (made: Planned): string =>
  codeOf(() => reviewed(ask(controlled, [made]), stateFor(controlled)));
