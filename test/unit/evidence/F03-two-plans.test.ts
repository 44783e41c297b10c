/** F3, F5: evidence of two plans for one withdrawal, which could both be paid unless one of them is dead. */
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../src/core/digest.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { DEAD } from "../../../src/core/documents/dead.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import { EVIDENCE, type EvidenceDocument } from "../../../src/core/documents/evidence.ts";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { toHex } from "../../../src/core/hex.ts";
import { header, signedDocument } from "../../factory/documents.ts";
import { ROW, SIGNERS } from "../../factory/evidence-house.ts";
import { evidenceOf, signaturesIn, tellStory, type Turns } from "../../factory/evidence.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR, type Cast } from "../../factory/identities.ts";
import { story, judge, verdicts, one } from "./judged.ts";

describe("F3: two plans for one withdrawal", () => {
  const other = tellStory({ label: "second", coins: [{ units: 70_000_000n, index: 5 }] });
  const both = (dead: EvidenceDocument["body"]["dead"]) =>
    evidenceOf(story, {
      requests: [embed(story.request), embed(other.request)],
      receipts: [...story.receipts, ...other.receipts].map((receipt) => embed(receipt)),
      dead,
    });
  const deadBy = (...who: readonly Cast[]) => killedBy(fixtureDigest("another transaction"), ...who);
  const killedBy = (spentBy: Digest, ...who: readonly Cast[]) => {
    const attempts = [...other.attempts.rungs, other.attempts.cancel].map(
      (attempt) => attempt?.transaction as Digest,
    );
    const document = makeDocument(DEAD, {
      ...header("dead"),
      custody: story.custody.id,
      plan: other.plan.digest,
      transactions: attempts,
      conflictKey: other.plan.body.conflictKeys[0] as string,
      spentBy,
      block: { hash: fixtureDigest("another block"), height: 103 },
      evidence: fixtureDigest("what the watcher saw"),
      policy: 2,
    });
    return [embed(signedDocument(document, who, at("10:00:00")))];
  };

  test("that share no coin could both be paid", () => {
    expect(verdicts(both([]), "once")).toEqual(["FAILED"]);
  });

  test("one of which the quorum vouches to be dead", () => {
    expect(one(both(deadBy(ANNA, BEN)), "once")).toMatchObject({ verdict: "ATTESTED", by: ["anna", "ben"] });
    expect(verdicts(both(deadBy(ANNA)), "once")).toEqual(["FAILED"]);
    expect(verdicts(both(deadBy(ANNA)), "dead")).toEqual(["FAILED"]);
  });

  const deadOfSettled = (spentBy: Digest) => {
    const { rungs, cancel } = story.attempts;
    const document = makeDocument(DEAD, {
      ...header("dead"),
      custody: story.custody.id,
      plan: story.plan.digest,
      transactions: [...rungs, cancel].map((attempt) => attempt?.transaction as Digest),
      conflictKey: story.plan.body.conflictKeys[0] as string,
      spentBy,
      block: { hash: fixtureDigest("another block"), height: 103 },
      evidence: fixtureDigest("what the watcher saw"),
      policy: 2,
    });
    return embed(signedDocument(document, [ANNA, BEN], at("10:00:00")));
  };

  test("the one that settled is not dead, whoever says so: the other may be paid as well", () => {
    const foreign = deadOfSettled(fixtureDigest("another transaction"));
    expect([...verdicts(both([foreign]), "once"), ...verdicts(both([foreign]), "dead")]).toEqual([
      "FAILED",
      "FAILED",
    ]);
    const cancel = story.attempts.cancel as NonNullable<typeof story.attempts.cancel>;
    const byCancel = deadOfSettled(cancel.transaction);
    expect(verdicts(both([byCancel]), "once")).toEqual(["FAILED"]);
    // Its cancel rung settled it: then it is dead for the customer, and the proof agrees.
    const { settlement, ...rest } = both([byCancel]).body;
    const signatures = story.receipts.flatMap((receipt) => signaturesIn(receipt, "cancel"));
    const ended = makeDocument(EVIDENCE, {
      ...rest,
      settlement: {
        ...(settlement as NonNullable<typeof settlement>),
        rung: "cancel",
        transaction: cancel.transaction,
        bytes: toHex(bitcoinCodec.combine(cancel.tx, signatures)),
      },
    });
    for (const claim of ["once", "dead"] as const) expect(verdicts(ended, claim)).toEqual(["ATTESTED"]);
  });

  test("of several proofs about a pair one that holds is enough, whichever comes first", () => {
    const [lacking] = deadBy(ANNA) as [ReturnType<typeof deadOfSettled>];
    const [whole] = deadBy(ANNA, BEN) as [ReturnType<typeof deadOfSettled>];
    for (const dead of [
      [lacking, whole],
      [whole, lacking],
    ]) {
      expect(one(both(dead), "once")).toMatchObject({ verdict: "ATTESTED", by: ["anna", "ben"] });
      expect(verdicts(both(dead), "dead")).toContain("FAILED");
    }
  });

  test("F5: one that its operator vouches for, who led it out", () => {
    const says = (turns: Turns) => {
      const led = tellStory(turns);
      const second = tellStory({ ...turns, label: "second", coins: [{ units: 70_000_000n, index: 5 }] });
      const document = makeDocument(DEAD, {
        ...header("dead"),
        custody: led.custody.id,
        plan: second.plan.digest,
        transactions: [...second.attempts.rungs, second.attempts.cancel].map(
          (each) => each?.transaction as Digest,
        ),
        conflictKey: second.plan.body.conflictKeys[0] as string,
        spentBy: fixtureDigest("another transaction"),
        block: { hash: fixtureDigest("another block"), height: 103 },
        evidence: fixtureDigest("what the watcher saw"),
        policy: 2,
      });
      const papers = evidenceOf(led, {
        requests: [embed(led.request), embed(second.request)],
        receipts: [...led.receipts, ...second.receipts].map((receipt) => embed(receipt)),
        dead: [embed(signedDocument(document, [ANNA, BEN], at("10:00:00")))],
      });
      return judge(papers, led.custody.id)
        .filter(({ claim }) => claim === "dead")
        .map(({ verdict }) => verdict);
    };
    expect(says({})).toEqual(["ATTESTED"]);
    expect(says({ leader: BEN })).toEqual(["FAILED"]);
  });

  test("one of which its own cancel rung has ended; by a rung that pays it has settled", () => {
    const { rungs, cancel } = other.attempts;
    const byCancel = both(killedBy(cancel?.transaction as Digest, ANNA, BEN));
    expect(one(byCancel, "once")).toMatchObject({ verdict: "ATTESTED", by: ["anna", "ben"] });
    expect(one(byCancel, "dead").says).toMatch(/^the plan's own cancel rung/);
    const byRung = both(killedBy(rungs[0]?.transaction as Digest, ANNA, BEN));
    expect([...verdicts(byRung, "once"), ...verdicts(byRung, "dead")]).toEqual(["FAILED", "FAILED"]);
  });

  test("F5: nor does one vouch whom a signer's void alone names as its operator", () => {
    const { rungs, cancel } = other.attempts;
    const [signer] = SIGNERS;
    const listed = (operator: Cast) => {
      const document = makeDocument(VOID, {
        ...header("void"),
        custody: story.custody.id,
        family: familyOf(story.payouts[0].intent.body),
        signer: signer.name,
        epoch: 1,
        policy: 2,
        attempts: [
          {
            plan: other.plan.digest,
            generation: 1,
            row: ROW,
            conflictKeys: [...other.plan.body.conflictKeys],
            transactions: [...rungs, cancel].map((each) => each?.transaction as Digest),
            operators: [operator.person],
          },
        ],
      });
      const voids = [embed(signedDocument(document, [signer], at("10:00:00")))];
      return verdicts(makeDocument(EVIDENCE, { ...both(deadBy(ANNA, BEN)).body, voids }), "dead");
    };
    expect(listed(OSCAR)).toEqual(["ATTESTED"]);
    expect(listed(BEN)).toEqual(["FAILED"]);
  });
});
