/** Law 3 for what is no customer's: it ends by voids, by proofs of death, or happens because it won. */
import { describe, expect, test } from "vitest";
import { networkFeeAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { openMovement } from "../../../src/treasury/close.ts";
import { VOID_UNFOUNDED, VOID_UNSIGNED } from "../../../src/withdrawals/ending/void.ts";
import { voidFamily } from "../../../signer/gates/void.ts";
import { withLine } from "../../../signer/journal/journal.ts";
import { step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { BTC } from "../../factory/documents.ts";
import { reviewed } from "../../factory/gates.ts";
import { at, MALLORY, SIGNER } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import { VAULT } from "../../factory/treasury.ts";
import { codeOf } from "../../factory/thrown.ts";
import { world } from "../../factory/watching.ts";
import { left, signedTransfer, refuse, cancel, close, rowOf, planOf, attemptIn, bury } from "./leaving.ts";

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
    expect(open()).toBe("2 signers of wallet vault must void it, 1 has");
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
