/** A signed payment whose plan is dead, and the new generations of its intent (law 4). */
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { type IntentDocument } from "../../../src/core/documents/intent.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, BTC, row, signedDocument } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, type Cast } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";

const COINS_B = [{ units: 70_000_000n, index: 1 }];
export const QUARTER = 25_000_000n;

export const say = (
  desk: Desk,
  intent: IntentDocument,
  decision: "approve" | "reject",
  who: Cast,
  when = "09:05:00",
) => decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }, at(when)), at(when));
export const approve = (desk: Desk, intent: IntentDocument, when?: string) =>
  [ANNA, BEN].map((who) => say(desk, intent, "approve", who, when));

/** One signed payment of a quarter in a band of two approvers. */
export function signedOnce() {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const asked = ask(desk, "k", QUARTER);
  approve(desk, asked.intent);
  const { plan } = build(desk);
  const written = signed(exported(desk, plan.id).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  return { desk, asked, plan: plan.id, signer: after(stateFor(desk.custody), written) };
}
type Story = ReturnType<typeof signedOnce>;

/** `who` vouch that a stranger has taken the plan's coin. */
export function bury(
  { desk }: Story,
  id: Id,
  who: readonly Cast[],
  spentBy = fixtureDigest("somebody else's"),
) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets, tokens: [] };
  return step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, id);
    const decode = () => attemptsAsBuilt(PORTS, tx, plan, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decode().rungs[0]?.conflictKeys[0] ?? "";
    const spent = { conflictKey, spentBy, block: { hash: fixtureDigest("block"), height: 200 } };
    const dead = signedDocument(draftDead(attemptsBuilt(plan, decode()), spent, policy), who, at("09:18:00"));
    return importDead(PORTS, tx, dead, { policy, decode });
  });
}

export const supersede = ({ desk, asked }: Story, now = at("09:20:00")) =>
  step(
    desk,
    (tx) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), {
        policy: desk.custody.policy,
        now,
        operation: tx.operation,
      }),
    now,
  );
export const rowOf = ({ desk, asked }: Story) => step(desk, (tx) => PORTS.getWithdrawal(tx, asked.id));
export const held = ({ desk }: Story) => balanceOf(desk.store, heldAccount(CUSTOMER), BTC);

export function superseded(): Story & { readonly second: IntentDocument } {
  const story = signedOnce();
  bury(story, story.plan, [ANNA, BEN]);
  return { ...story, second: supersede(story).intent };
}

/** The second generation on other coins, on its way out. */
export function leaves({ desk }: Story, coins = COINS_B) {
  const { plan } = build(desk, { coins, now: at("09:22:00") });
  return { plan, request: exported(desk, plan.id, { now: at("09:23:00") }).request };
}
