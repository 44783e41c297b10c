/** An online home whose custody has two wallets and rows for intents of our own, with the signer beside it. */
import {
  bitcoinBuilder,
  bitcoinCodec,
  deriveAddress,
  parseDescriptor,
} from "../../src/chains/bitcoin/index.ts";
import type { BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { amount } from "../../src/core/amount.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { Id, Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { AttemptEvent } from "../../src/core/states/attempt.ts";
import { PORTS } from "../../src/home/ports.ts";
import { activatePolicy } from "../../src/store/policies.ts";
import { getWallet, insertWallet } from "../../src/store/wallets.ts";
import { buildMovement, type MovementPlanned } from "../../src/treasury/build.ts";
import { decideMovement } from "../../src/treasury/decide.ts";
import type { MovementRow } from "../../src/treasury/ports.ts";
import { requestMovement, type Wish } from "../../src/treasury/request.ts";
import { followAttempt } from "../../src/withdrawals/following/follow.ts";
import { exported, receive, step, type Desk } from "../attack/online.ts";
import { testWallet, type TestCoin } from "../bitcoin/regtest-wallet.ts";
import { scratch } from "../unit/store/scratch.ts";
import { COINS, makeCustody, stateFor, vaultSnapshot } from "./custody.ts";
import { approval, BTC, policyBody, row } from "./documents.ts";
import { signed } from "./gates.ts";
import { ANNA, at, fixtureId, RUTH, type Cast } from "./identities.ts";

export const VAULT = "vault" as Name;
export const RESERVE = "reserve" as Name;

/** A home with both wallets registered and the policy active. */
export function treasuryDesk(): Desk {
  const { wallet } = makeCustody();
  const reserve: PolicyWallet = {
    ...wallet,
    name: RESERVE,
    descriptor: testWallet("reserve").descriptor.text,
  };
  const rows = [
    ...policyBody().rows,
    row("moves", "0", "1000000000", 1, { type: "transfer" }),
    row("gathers", "0", "1000000000", 1, { type: "consolidate" }),
    row("returns", "0", "1000000000", 1, { type: "cancel" }),
    row("says", "0", "1000000000", 1, { type: "attest" }),
  ];
  const custody = makeCustody({ wallets: [wallet, reserve], rows });
  const desk = { custody, store: scratch().store };
  step(desk, (tx) => {
    for (const { name, chain, descriptor } of custody.policy.body.wallets)
      insertWallet(tx, { name, chain, descriptor });
    PORTS.saveDocument(tx, custody.policy);
    activatePolicy(tx, { number: 1, digest: custody.policy.digest });
  });
  return desk;
}

export function transferOf(units: bigint): Wish {
  return { type: "transfer", wallet: VAULT, destination: RESERVE, amount: amount(BTC, units) };
}

export function wish(
  desk: Desk,
  asked: Wish,
  label = "movement",
): { readonly movement: MovementRow; readonly intent: IntentDocument } {
  return step(desk, (tx) =>
    requestMovement(PORTS, tx, asked, {
      policy: desk.custody.policy,
      requester: RUTH.name,
      now: at("08:50:00"),
      lifeSeconds: 86_400,
      operation: tx.operation,
      id: fixtureId(label),
    }),
  );
}

/** One person's word on a movement. */
export function word(
  desk: Desk,
  intent: IntentDocument,
  decision: "approve" | "reject" = "approve",
  who: Cast = ANNA,
): ApprovalDocument {
  return approval(intent, [who], { custody: desk.custody.id, decision });
}

export function say(desk: Desk, id: Id, said: ApprovalDocument) {
  const about = { policy: desk.custody.policy, now: at("09:05:00") };
  return step(desk, (tx) => decideMovement(PORTS, tx, PORTS.getMovement(tx, id), said, about));
}

export function plan(
  desk: Desk,
  id: Id,
  changes: {
    readonly coins?: readonly TestCoin[];
    readonly now?: Instant;
    readonly feeRatesMilli?: readonly bigint[];
    /** A parent's waiting change, which the plan spends. */
    readonly child?:
      | (Pick<BitcoinSnapshot, "unconfirmed" | "parents"> & { readonly key: string })
      | undefined;
  } = {},
): MovementPlanned {
  const { custody } = desk;
  const { coins = COINS, now = at("09:10:00"), feeRatesMilli = [5_000n] } = changes;
  return step(desk, (tx) => {
    const movement = PORTS.getMovement(tx, id);
    const { nextChange } = getWallet(tx, VAULT);
    const [, reserve] = custody.policy.body.wallets as [PolicyWallet, PolicyWallet];
    const index = getWallet(tx, RESERVE).nextReceive;
    const { account } = deriveAddress(parseDescriptor(reserve.descriptor, "regtest"), 0, index);
    const input = {
      movement,
      view: {
        wallet: custody.wallet,
        network: "regtest" as const,
        highestIndex: 1,
        own: custody.policy.body.wallets,
        tokens: [],
      },
      snapshot: withChild(vaultSnapshot(custody, coins, { changeIndex: nextChange }), changes.child),
      child: changes.child?.key,
      feeRatesMilli,
      receive: movement.type === "transfer" ? { wallet: reserve, account, index } : undefined,
    };
    const chain = { builder: bitcoinBuilder, codec: bitcoinCodec };
    const about = { policy: custody.policy, now, operation: tx.operation, id: fixtureId(`plan of ${id}`) };
    return buildMovement(PORTS, tx, chain, input, about);
  });
}

function withChild(
  snapshot: BitcoinSnapshot,
  child: Pick<BitcoinSnapshot, "unconfirmed" | "parents"> | undefined,
): BitcoinSnapshot {
  if (child === undefined) return snapshot;
  return { ...snapshot, unconfirmed: child.unconfirmed, parents: [...snapshot.parents, ...child.parents] };
}

/** Carries a plan to the signer and its receipt back. */
export function sign(desk: Desk, planId: Id): void {
  const { request } = exported(desk, planId);
  receive(desk, signed(request, stateFor(desk.custody)).receipt);
}

/** What the watcher would record of a plan's first attempt. */
export function follow(desk: Desk, planId: Id, ...events: readonly AttemptEvent[]): void {
  for (const event of events) {
    step(desk, (tx) => {
      const [attempt] = PORTS.attemptsOf(tx, planId);
      if (attempt === undefined) throw new Error("the plan has no attempt");
      const block = event === "included" ? { hash: "0b".repeat(32), height: 101 } : undefined;
      followAttempt(PORTS, tx, attempt.id, event, {
        policy: desk.custody.policy.body,
        ...(block === undefined ? {} : { block }),
      });
    });
  }
}
