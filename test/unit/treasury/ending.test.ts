/** Law 3 for what is no customer's: it ends by voids, by proofs of death, or happens because it won. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { amount } from "../../../src/core/amount.ts";
import type { SignedAttempt } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { PLAN } from "../../../src/core/documents/plan.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { networkFeeAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { importMovementVoid, openMovement } from "../../../src/treasury/close.ts";
import { endMovement } from "../../../src/treasury/decide.ts";
import { MOVEMENT_NOT_ALLOWED } from "../../../src/treasury/leave.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { bumpPlan, NO_DEARER_RUNG } from "../../../src/withdrawals/following/bump.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { VOID_UNFOUNDED, VOID_UNSIGNED } from "../../../src/withdrawals/ending/void.ts";
import { voidFamily } from "../../../signer/gates/void.ts";
import { withLine } from "../../../signer/journal/journal.ts";
import { exported, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { BTC, signedDocument } from "../../factory/documents.ts";
import { after, reviewed, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, MALLORY, SIGNER } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import { plan, say, transferOf, treasuryDesk, VAULT, wish, word } from "../../factory/treasury.ts";
import { codeOf } from "../../factory/thrown.ts";
import { world } from "../../factory/watching.ts";

const UNITS = 20_000_000n;

type Story = { readonly desk: Desk; readonly id: Id; readonly intent: IntentDocument; readonly plan: Id };

/** An approved transfer whose request has left. */
function left(): Story & { readonly request: ReturnType<typeof exported>["request"] } {
  const desk = treasuryDesk();
  const { movement, intent } = wish(desk, transferOf(UNITS));
  say(desk, movement.id, word(desk, intent));
  const planned = plan(desk, movement.id);
  const { request } = exported(desk, planned.plan.id);
  return { desk, id: movement.id, intent, plan: planned.plan.id, request };
}

/** The same, signed. */
function signedTransfer() {
  const story = left();
  const written = signed(story.request, stateFor(story.desk.custody));
  receive(story.desk, written.receipt);
  return { ...story, signer: after(stateFor(story.desk.custody), written) };
}

const refuse = ({ desk, id, intent }: Story) => say(desk, id, word(desk, intent, "reject", BEN)).movement;
const cancel = ({ desk, id }: Story) =>
  step(desk, (tx) =>
    endMovement(PORTS, tx, PORTS.getMovement(tx, id), {
      end: "CANCELLED",
      reason: "cancelled by the operator",
      policy: desk.custody.policy.body,
    }),
  );
const close = ({ desk, id }: Pick<Story, "desk" | "id">, document: ReturnType<typeof voided>) =>
  step(desk, (tx) =>
    importMovementVoid(PORTS, tx, PORTS.getMovement(tx, id), document, { policy: desk.custody.policy }),
  );
const rowOf = ({ desk, id }: Pick<Story, "desk" | "id">) => step(desk, (tx) => PORTS.getMovement(tx, id));
const planOf = ({ desk }: Pick<Story, "desk">, id: Id) => step(desk, (tx) => PORTS.getPlan(tx, id));

function attemptIn({ desk, plan: id }: Story): SignedAttempt {
  const { digest } = planOf({ desk }, id);
  const transactions = attemptsOf(desk.store, id).map(({ txid }) => txid);
  return { plan: digest, generation: 1, conflictKeys: ["coin"], transactions };
}

/** Both approvers vouch that a stranger has taken the plan's coin. */
function bury({ desk, plan: id }: Story) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets };
  return step(desk, (tx) => {
    const row = PORTS.getPlan(tx, id);
    const decoded = attemptsAsBuilt(PORTS, tx, row, { codec: bitcoinCodec, view: () => view });
    const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
    const block = { hash: fixtureDigest("block"), height: 200 };
    const spent = { conflictKey, spentBy: fixtureDigest("somebody else's"), block };
    const dead = signedDocument(draftDead(row, decoded, spent, policy), [ANNA, BEN], at("09:18:00"));
    return importDead(PORTS, tx, dead, { policy, decode: () => decoded });
  });
}

describe("law 3: what has left ends by closed families", () => {
  test("the wallet's signer has voided it unsigned: it is rejected, its plan dead, its coins free", () => {
    const story = left();
    expect(refuse(story).state).toBe("REVOKING");
    expect(leasedKeys(story.desk.store).size).toBe(1);
    const closed = close(story, voided(story.desk, story.intent));
    expect(closed).toMatchObject({ movement: { state: "REJECTED" }, open: undefined });
    expect(planOf(story, story.plan).state).toBe("DEAD");
    expect(leasedKeys(story.desk.store).size).toBe(0);
    verifyAudit(story.desk.store);
  });

  test("called off by the operator it ends as cancelled", () => {
    const story = left();
    expect(cancel(story).state).toBe("REVOKING");
    expect(close(story, voided(story.desk, story.intent)).movement.state).toBe("CANCELLED");
  });

  test("a void that came before the no counts when the no comes, and ends nothing that is wanted", () => {
    const story = left();
    expect(close(story, voided(story.desk, story.intent)).movement.state).toBe("EXPORTED");
    expect(refuse(story).state).toBe("REJECTED");
  });

  test("the signer closes it, lists what it has signed, and signs no more of it", () => {
    const story = signedTransfer();
    const { desk, intent, request, signer } = story;
    expect(codeOf(() => reviewed(request, signer))).toBe("none");
    const { document, line } = voidFamily(intent, SIGNER.seed, signer);
    expect(document.body).toMatchObject({ family: { intent: intent.body.id }, signer: SIGNER.name });
    expect(document.body.attempts.map(({ transactions }) => transactions)).toEqual([
      attemptIn(story).transactions,
    ]);
    const journal = line === undefined ? signer.journal : withLine(signer.journal, line);
    expect(codeOf(() => reviewed(request, { ...signer, journal }))).toBe("G10_FAMILY_VOIDED");
    refuse(story);
    expect(close(story, document).open).toMatch(/was signed and is not dead yet/);
    expect(rowOf(story).state).toBe("REVOKING");
    expect(leasedKeys(desk.store).size).toBe(1);
  });

  test("a signer that was rolled back lists nothing: what lies here complete keeps it open all the same", () => {
    const story = signedTransfer();
    refuse(story);
    expect(close(story, voided(story.desk, story.intent)).open).toMatch(/was signed and is not dead yet/);
    bury(story);
    expect(rowOf(story).state).toBe("REJECTED");
  });

  test("what it lists is dead by its own cancel rung: it ends, and the fee is booked", async () => {
    const story = signedTransfer();
    const { desk } = story;
    cancel(story);
    close(story, voided(desk, story.intent, [attemptIn(story)]));
    const ending = attemptsOf(desk.store, story.plan).find(({ kind }) => kind === "cancel");
    const { run, mine } = world(desk);
    mine(ending?.txid ?? "", 3);
    await run();
    expect(rowOf(story).state).toBe("CANCELLED");
    expect(planOf(story, story.plan).state).toBe("CANCELLED");
    expect(balanceOf(desk.store, networkFeeAccount, BTC)).toBe(ending?.feeUnits);
    expect(leasedKeys(desk.store).size).toBe(1);
    verifyLedger(desk.store);
  });

  test("it happens all the same when a block holds it: it won the race", async () => {
    const story = signedTransfer();
    refuse(story);
    close(story, voided(story.desk, story.intent, [attemptIn(story)]));
    const { run, mine } = world(story.desk);
    mine(attemptsOf(story.desk.store, story.plan)[0]?.txid ?? "", 3);
    await run();
    expect(rowOf(story).state).toBe("COMPLETED");
    verifyLedger(story.desk.store);
  });

  test("n - m + 1 distinct wallet keys of its own wallet: one signer's word twice is one", () => {
    const story = left();
    refuse(story);
    const { policy } = story.desk.custody;
    const wallets = policy.body.wallets.map((wallet) => ({
      ...wallet,
      threshold: 2,
      // The other wallet's signers have nothing to say of it.
      signers: [wallet.name === VAULT ? SIGNER.name : MALLORY.name, "signer-2", "signer-3"] as never,
    }));
    // The policy that asks for two of three is only looked at.
    const ports = {
      ...PORTS,
      findDocuments: ((tx, type, digests) =>
        type.kind === "policy"
          ? [{ ...policy, body: { ...policy.body, wallets } }]
          : PORTS.findDocuments(tx, type, digests)) as typeof PORTS.findDocuments,
    };
    const open = () => step(story.desk, (tx) => openMovement(ports, tx, PORTS.getMovement(tx, story.id)));
    expect(open()).toBe("2 signers of wallet vault must void it, 0 have");
    for (const when of ["09:40:00", "09:41:00"]) {
      const document = voided(story.desk, story.intent, [], SIGNER, at(when));
      step(story.desk, (tx) => {
        const content = PORTS.saveDocument(tx, document);
        PORTS.insertMovementDecision(tx, story.id, { kind: "void", digest: document.digest, content });
      });
    }
    expect(open()).toBe("2 signers of wallet vault must void it, 1 have");
  });

  test("a void is believed from its maker alone, and for its own family", () => {
    const story = left();
    refuse(story);
    const forged = voided(story.desk, story.intent, [], { ...MALLORY, name: SIGNER.name });
    expectRefusal(() => close(story, forged), VOID_UNSIGNED);
    const other = { ...story.intent, body: { ...story.intent.body, id: "0".repeat(32) as never } };
    expectRefusal(() => close(story, voided(story.desk, other)), VOID_UNFOUNDED);
    expect(rowOf(story).state).toBe("REVOKING");
    expect(close(story, voided(story.desk, story.intent)).movement.state).toBe("REJECTED");
  });
});

describe("a plan that is dead", () => {
  test("leaves its movement EXPIRED with its coins free; another one is asked for", () => {
    const story = signedTransfer();
    expect(bury(story).movements).toMatchObject([{ id: story.id, state: "EXPIRED" }]);
    expect(leasedKeys(story.desk.store).size).toBe(0);
    expect(cancel(story).state).toBe("CANCELLED");
  });

  test("ends what nobody wants: as rejected, or as cancelled", () => {
    const rejected = signedTransfer();
    refuse(rejected);
    expect(bury(rejected).movements).toMatchObject([{ state: "REJECTED" }]);
    const cancelled = signedTransfer();
    cancel(cancelled);
    expect(bury(cancelled).movements).toMatchObject([{ state: "CANCELLED" }]);
  });

  test("F10: in a block all the same it is the watcher's loudest word, whether the movement waits or has ended", async () => {
    for (const [end, state] of [
      [false, "COMPLETED"],
      [true, "REJECTED"],
    ] as const) {
      const story = signedTransfer();
      if (end) refuse(story);
      bury(story);
      const { run, mine, cries } = world(story.desk);
      await run();
      expect(cries).toEqual([]);
      mine(attemptsOf(story.desk.store, story.plan)[0]?.txid ?? "", 3);
      await run();
      expect(cries).toEqual(["dead plan in a block", ...(end ? ["moved after its end"] : [])]);
      expect([rowOf(story).state, planOf(story, story.plan).state]).toEqual([state, "SETTLED"]);
      verifyLedger(story.desk.store);
    }
  });
});

describe("what has left and is not wanted", () => {
  test("is not exported again; what is wanted gives the same request", () => {
    const story = left();
    expect(exported(story.desk, story.plan).request.digest).toBe(story.request.digest);
    refuse(story);
    expectRefusal(() => exported(story.desk, story.plan), MOVEMENT_NOT_ALLOWED);
  });

  test("gives its place back: the plan that a voided cancel was to end goes on", () => {
    const story = left();
    const { desk } = story;
    const target = planOf(story, story.plan);
    const { movement, intent } = wish(desk, { type: "cancel", plan: target, asset: BTC }, "cancel");
    say(desk, movement.id, word(desk, intent));
    const ending = plan(desk, movement.id).plan.id;
    exported(desk, ending);
    expect(planOf(story, story.plan).state).toBe("REPLACED");
    const called = { desk, id: movement.id, intent, plan: ending };
    expect(cancel(called).state).toBe("REVOKING");
    expect(close(called, voided(desk, intent)).movement.state).toBe("CANCELLED");
    expect([planOf(story, ending).state, planOf(story, story.plan).state]).toEqual(["DEAD", "EXPORTED"]);
    expect(leasedKeys(desk.store).size).toBe(1);
    receive(desk, signed(story.request, stateFor(desk.custody)).receipt);
    expect(rowOf(story).state).toBe("SIGNED");
  });
});

test("a consolidation that is stuck: dearer rungs first, then a cancel over the same coins brings them together", async () => {
  const desk = treasuryDesk();
  const coins = [
    { units: 3_000_000n, index: 1 },
    { units: 4_000_000n, index: 2 },
  ];
  const wanted = { type: "consolidate", wallet: VAULT, amount: amount(BTC, 900_000_000n) } as const;
  const asked = wish(desk, wanted);
  say(desk, asked.movement.id, word(desk, asked.intent));
  const first = plan(desk, asked.movement.id, { coins, feeRatesMilli: [5_000n, 10_000n] }).plan.id;
  const { request } = exported(desk, first);
  const written = signed(request, stateFor(desk.custody));
  receive(desk, written.receipt);
  const { run, mine, sent } = world(desk);
  await run();
  const bump = () => step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, first), { cancel: false }));
  bump();
  await run();
  expect(sent).toEqual(attemptsOf(desk.store, first).map(({ txid }) => txid));
  expect(expectRefusal(bump, NO_DEARER_RUNG).hint).toBe(
    `custody intent new --type cancel --plan ${first}   (docs/runbooks/stuck-fee.md)`,
  );

  const again = wish(desk, { type: "cancel", plan: planOf({ desk }, first), asset: BTC }, "dearer");
  say(desk, again.movement.id, word(desk, again.intent));
  const dearer = plan(desk, again.movement.id, { coins, feeRatesMilli: [20_000n] });
  expect(dearer.document.body.conflictKeys).toEqual(planDocument(desk, first));
  receive(
    desk,
    signed(exported(desk, dearer.plan.id).request, after(stateFor(desk.custody), written)).receipt,
  );
  await run();
  const [last] = attemptsOf(desk.store, dearer.plan.id);
  expect(sent.at(-1)).toBe(last?.txid);
  mine(last?.txid ?? "", 3);
  await run();
  expect([
    rowOf({ desk, id: again.movement.id }).state,
    rowOf({ desk, id: asked.movement.id }).state,
  ]).toEqual(["COMPLETED", "EXPIRED"]);
  verifyLedger(desk.store);
});

function planDocument(desk: Desk, id: Id): readonly string[] {
  return step(desk, (tx) => {
    const { digest } = PORTS.getPlan(tx, id);
    return PORTS.findDocument(tx, PLAN, digest)?.body.conflictKeys ?? [];
  });
}
