/** Planning a movement: one approved intent of our own becomes the unsigned rungs of a plan with leased coins. */
import type { BuildTask, BuiltPlan, WalletView } from "../chains/adapter.ts";
import { dearestFee } from "../chains/attempts.ts";
import type { AccountId } from "../core/account.ts";
import { amount } from "../core/amount.ts";
import { canonicalBytes, type JsonObject } from "../core/canonical.ts";
import type { IntentDocument } from "../core/documents/intent.ts";
import type { PlanDocument } from "../core/documents/plan.ts";
import { assert, declareError } from "../core/errors.ts";
import { toBase64 } from "../core/hex.ts";
import { limitExcess, WHOLE } from "../core/policy/limits.ts";
import type { PolicyRow, PolicyWallet } from "../core/policy/policy.ts";
import {
  feeCaps,
  issueChange,
  planDocument,
  readBack,
  type BuildAbout,
  type Chain,
} from "../withdrawals/planning/build.ts";
import { assertRepeatsNothing } from "../withdrawals/planning/repeats.ts";
import { windowStart } from "../withdrawals/planning/candidates.ts";
import { haltsNow } from "../withdrawals/deciding/evidence.ts";
import { assertNotHalted } from "../withdrawals/stopping/halt.ts";
import { writeBuildRecord } from "../withdrawals/planning/build-record.ts";
import type { Pace } from "../withdrawals/planning/pace.ts";
import type { LifePorts } from "../withdrawals/ports.ts";
import type { DecidingPorts } from "../withdrawals/deciding/ports.ts";
import type { PlanningPorts } from "../withdrawals/planning/ports.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { stepPlan } from "../withdrawals/step.ts";
import { judgeMovement, movementEvidence } from "./evidence.ts";
import type { MovementRow } from "./ports.ts";
import { CANCEL_TARGET, isCancellable } from "./request.ts";
import { stepMovement } from "./step.ts";

export const MOVEMENT_NOT_READY = declareError(
  "MOVEMENT_NOT_READY",
  "denied",
  "An intent of our own may not be planned now.",
);

export type MovementInput<Snapshot> = {
  readonly movement: MovementRow;
  readonly view: WalletView;
  /**
   * Facts of the paying wallet; of a cancel, with the coins that its target has leased; of a message, with all coins that
   * it shows, for showing takes none.
   */
  readonly snapshot: Snapshot;
  readonly feeRatesMilli: readonly bigint[];
  /** How fast its fee may rise by itself; undefined where people alone raise it. */
  readonly pace?: Pace | undefined;
  /** Of a child: the conflict key of its parent's change, which the snapshot names. */
  readonly child?: string | undefined;
  /** Conflict keys of coins that it spends, whatever else: a consolidation those alone. */
  readonly coins?: readonly string[] | undefined;
  /** Of a transfer: the destination's next receive address. */
  readonly receive:
    | {
        readonly wallet: PolicyWallet;
        readonly account: AccountId;
        readonly index: number;
      }
    | undefined;
};

export type MovementPlanned = {
  readonly plan: PlanRow;
  readonly document: PlanDocument;
  readonly built: BuiltPlan;
  readonly movement: MovementRow;
};

/**
 * Builds a movement's plan and stores it with its leases; a cancel takes the place of the plan whose coins it brings back.
 * @throws HALTED, MOVEMENT_NOT_READY, CANCEL_TARGET, PLAN_REPEATS, and the builder's errors
 */
export function buildMovement<Tx, Snapshot extends JsonObject, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & PlanningPorts<Tx>,
  tx: Tx,
  { builder, codec }: Chain<Snapshot, Decoded>,
  input: MovementInput<Snapshot>,
  about: BuildAbout,
): MovementPlanned {
  const { movement, view, snapshot, feeRatesMilli, pace, receive, coins = [] } = input;
  assertNotHalted(ports, tx, { wallet: view.wallet.name, chain: view.wallet.chain }, "intent");
  const row = rowOf(ports, tx, movement, about);
  const { intent } = movementEvidence(ports, tx, movement);
  const replaces = targetOf(ports, tx, movement, view.wallet);
  const caps = feeCaps(about.policy, view);
  const options = { feeRatesMilli, caps, anchors: coins, budgetUnits: pace?.budgetUnits };
  const task = taskOf(intent, input);
  const built = builder.build(task, view, snapshot, options);
  const decoded = readBack(codec, built, view, options.caps);
  const feeUnits = dearestFee(decoded);
  assertLimits(ports, tx, { row, movement, feeUnits, replaces }, about);
  if (movement.type !== "attest") assertRepeatsNothing(ports, tx, codec, view, decoded);
  if (codec.addresses === "many") issueChange(ports, tx, view, decoded);
  if (receive !== undefined && codec.addresses === "many") {
    const { account, index } = receive;
    ports.insertAddress(tx, { account, wallet: receive.wallet.name, branch: 0, index });
  }
  const document = planDocument({ candidates: [{ intent }], built }, { view, snapshot }, about);
  ports.saveDocument(tx, document);
  const plan = ports.insertPlan(
    tx,
    {
      id: about.id,
      wallet: view.wallet.name,
      digest: document.digest,
      snapshot: canonicalBytes(snapshot),
      build: writeBuildRecord(
        { policy: about.policy.digest, view },
        task,
        options,
        decoded,
        pace?.minutes ?? 0,
      ),
      previous: canonicalBytes(built.previous.map(toBase64)),
      replaces: replaces?.id,
      changeIndex: built.changeIndex,
      feeUnits,
      intents: [{ intent: intent.digest, withdrawal: undefined, row: row.name, units: movement.units }],
    },
    // What a message is signed for is no coin: nothing could take it, and the same message may be signed again.
    movement.type === "attest" ? [] : built.conflictKeys,
  );
  if (replaces !== undefined) {
    stepPlan(ports, tx, replaces, { type: "replaced", by: plan.id });
  }
  return { plan, document, built, movement: stepMovement(ports, tx, movement, { type: "planned" }) };
}

function rowOf<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  movement: MovementRow,
  { policy, now }: BuildAbout,
): PolicyRow {
  const hint = `custody intent show ${movement.id}`;
  if (movement.state !== "READY")
    throw MOVEMENT_NOT_READY(`intent ${movement.id} is ${movement.state}`, { field: "intent.state", hint });
  const verdict = judgeMovement(ports, tx, movement, { policy, now, halts: haltsNow(ports, tx) });
  if (verdict.allowed) return verdict.row;
  throw MOVEMENT_NOT_READY(`denied by policy (${verdict.rule}): ${verdict.why}`, {
    field: "intent",
    hint,
    details: { rule: verdict.rule },
  });
}

/** The plan whose place a cancel takes; a dead one has none. */
function targetOf<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  { target }: MovementRow,
  wallet: PolicyWallet,
): PlanRow | undefined {
  if (target === undefined) return undefined;
  const plan = ports.getPlan(tx, target);
  if (isCancellable(plan, wallet)) return plan.state === "DEAD" ? undefined : plan;
  throw CANCEL_TARGET(`plan ${plan.id} is ${plan.state}`, { field: "plan", hint: "custody status" });
}

function taskOf<Snapshot>(
  { body }: IntentDocument,
  { movement, child, receive }: MovementInput<Snapshot>,
): BuildTask {
  if (body.type === "cancel") return { type: "cancel", conflictKeys: body.conflictKeys };
  if (body.type === "consolidate") return { type: "consolidate", unitsMax: movement.units, child };
  if (body.type === "attest") return { type: "attest", message: body.message, coins: body.coins };
  if (body.type === "control") return { type: "control", change: body.change };
  assert(receive !== undefined, "a transfer is built with an address of its destination");
  const { wallet, account, index } = receive;
  const own = { wallet, index };
  return { type: "pay", payments: [{ account, amount: amount(movement.asset, movement.units), own }] };
}

function assertLimits<Tx>(
  ports: LifePorts<Tx> & PlanningPorts<Tx>,
  tx: Tx,
  about: {
    readonly row: PolicyRow;
    readonly movement: MovementRow;
    readonly feeUnits: bigint;
    readonly replaces: PlanRow | undefined;
  },
  { now }: BuildAbout,
): void {
  const { row, movement, feeUnits, replaces } = about;
  const line = replaces === undefined ? [] : ports.lineOf(tx, replaces.id).map(({ id }) => id);
  const spendings = ports.spendingsSince(tx, windowStart(now), line);
  const adding = { units: movement.units, feeUnits };
  const excess = limitExcess(row, spendings, adding, now, WHOLE);
  if (excess === undefined) return;
  throw MOVEMENT_NOT_READY(excess.why, {
    field: "policy.rows",
    hint: "wait until earlier ones have left the window, or have the admins raise the row's limits",
  });
}
