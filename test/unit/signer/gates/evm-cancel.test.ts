/** G6, G7: a nonce that a plan holds is used up, by an intent that people approve for it; of an account and of a Safe. */
import { describe, expect, test } from "vitest";
import { evmBuilder } from "../../../../src/chains/evm/index.ts";
import type { BuildTask } from "../../../../src/chains/adapter.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { stateFor, viewOf, type Custody } from "../../../factory/custody.ts";
import { row } from "../../../factory/documents.ts";
import {
  ETHER,
  evmCustody,
  evmOwnPlan,
  evmPayout,
  evmPlan,
  evmSnapshot,
} from "../../../factory/evm-account.ts";
import { safeCustody, safePlan, safeSnapshot } from "../../../factory/evm-safe.ts";
import { reviewed } from "../../../factory/gates.ts";
import { ask, wish, type Planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const ONE = 10n ** 18n;

/** The custody with a row for cancels of ether. */
function cancelling(custody: Custody, make: (changes: Partial<Policy>) => Custody): Custody {
  const { rows } = custody.policy.body;
  const limits = { dayUnits: ONE.toString(), monthUnits: ONE.toString() };
  const own = row("cancels", "0", "1", 1, { type: "cancel", asset: ETHER, limits, feeBudget: limits });
  return make({ rows: [...rows, own] });
}

const account = cancelling(evmCustody(), evmCustody);
const safe = cancelling(safeCustody(), (changes) => safeCustody(undefined, changes));

type House = {
  readonly custody: Custody;
  readonly snapshot: ReturnType<typeof evmSnapshot>;
  readonly target: ReturnType<typeof evmPlan>;
};
const HOUSES: Readonly<Record<string, House>> = {
  account: { custody: account, snapshot: evmSnapshot(), target: evmPlan(account, [evmPayout(account)]) },
  Safe: { custody: safe, snapshot: safeSnapshot(), target: safePlan(safe, [evmPayout(safe)]) },
};

/** A plan that an intent of type cancel asks for, naming `named`, and that does `task`. */
function cancelOf({ custody, snapshot }: House, named: readonly string[], task: BuildTask): Planned {
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const built = evmBuilder.build(task, viewOf(custody), snapshot, {
    feeRatesMilli: [20_000n, 30_000n],
    caps: feeCapsOf(rules),
    anchors: [],
  });
  const asked = wish(custody, "cancel", { conflictKeys: [...named], units: "0" }, { asset: ETHER });
  const { cancel, ...rest } = built;
  const plan = evmOwnPlan(
    custody,
    asked.intent,
    { ...rest, cancel: task.type === "cancel" ? cancel : undefined },
    "cancelling",
  );
  return { plan, previous: [], payouts: [], wishes: [asked] };
}

describe.each(Object.entries(HOUSES))("a nonce of the %s", (_, house) => {
  const keys = house.target.body.conflictKeys;
  const verdict = (made: Planned) =>
    codeOf(() => reviewed(ask(house.custody, [made]), stateFor(house.custody)));
  const nothing: BuildTask = { type: "cancel", conflictKeys: keys };

  test("the one that people named is used up, and pays nobody", () => {
    expect(verdict(cancelOf(house, keys, nothing))).toBe("none");
  });

  test("another one than people named is refused", () => {
    const other = keys.map((key) => `${key}1`);
    expect(verdict(cancelOf(house, other, nothing))).toBe("G6_CANCELS_OTHER_COINS");
  });

  test("E4: a payment in its place is refused, whoever has approved it elsewhere", () => {
    const { intent, beneficiary } = evmPayout(house.custody);
    const paid = { asset: intent.body.asset, units: BigInt(intent.body.units) };
    const pays: BuildTask = { type: "pay", payments: [{ account: beneficiary.body.account, amount: paid }] };
    expect(verdict(cancelOf(house, keys, pays))).toBe("G6_CHANGE_ALONE");
  });
});
