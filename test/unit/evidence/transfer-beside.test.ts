/** A plan may pay a withdrawal and a transfer (docs/formats.md, plan): what a signer signs, evidence does not call wrong. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { BuildTask } from "../../../src/chains/adapter.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { EVIDENCE } from "../../../src/core/documents/evidence.ts";
import { PLAN } from "../../../src/core/documents/plan.ts";
import { verifyEvidence } from "../../../src/evidence/verify.ts";
import type { ClaimName } from "../../../src/evidence/claim.ts";
import { payout, stateFor } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import {
  ask,
  COLD,
  ownPayment,
  planned,
  plannedOwn,
  treasury,
  wish,
  type Planned,
} from "../../factory/requests.ts";
import { good } from "./judged.ts";

const world = treasury();
const one = payout(world);
const transfer = wish(world, "transfer", { destination: COLD, units: "10000000" });

/** One plan whose bytes pay the customer and `units` to another wallet of ours, for both intents. */
function mixed(units: bigint): Planned {
  const { account } = one.beneficiary.body;
  const payments = [
    ownPayment(world.cold, units, 3),
    { account, amount: { asset: BTC, units: BigInt(one.intent.body.units) } },
  ];
  const bytes = plannedOwn(world, [transfer], { type: "pay", payments } as unknown as BuildTask);
  const intents = [transfer.intent.digest, one.intent.digest];
  return { ...bytes, payouts: [one], plan: makeDocument(PLAN, { ...bytes.plan.body, intents }) };
}

function claims(plan: Planned, receipts: boolean) {
  const request = ask(world, [plan]);
  const { settlement: _, ...rest } = good.body;
  const evidence = makeDocument(EVIDENCE, {
    ...rest,
    custody: world.id,
    withdrawal: one.intent.body.id,
    policies: [{ policy: embed(world.policy), releases: [] }],
    intents: [embed(one.intent)],
    beneficiaries: [embed(one.beneficiary)],
    approvals: one.approvals.map(embed),
    clearances: [],
    requests: [embed(request)],
    receipts: receipts ? [embed(signed(request, stateFor(world)).receipt)] : [],
  });
  const all = verifyEvidence(evidence, [bitcoinCodec], world.id);
  return (name: ClaimName) => all.find(({ claim }) => claim === name);
}

describe("a withdrawal and a transfer in one plan", () => {
  test("are paid once each, and the officer was shown both", () => {
    const said = claims(mixed(10_000_000n), true);
    for (const name of ["payment", "fees", "approval", "review", "signatures"] as const)
      expect(said(name), name).toMatchObject({ verdict: "PROVEN" });
  });

  test("another amount to a wallet of ours is nobody's intent", () => {
    expect(claims(mixed(10_000_001n), false)("payment")?.verdict).toBe("FAILED");
    expect(claims(mixed(10_000_000n), false)("payment")?.verdict).toBe("PROVEN");
  });

  test("a transfer that no intent of the plan asks for is wrong", () => {
    const plan = mixed(10_000_000n);
    const alone = makeDocument(PLAN, { ...plan.plan.body, intents: [one.intent.digest] });
    expect(claims({ ...plan, plan: alone, wishes: [] }, false)("payment")?.verdict).toBe("FAILED");
    expect(claims(planned(world, [one]), false)("payment")?.verdict).toBe("PROVEN");
  });
});
