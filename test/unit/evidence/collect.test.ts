import { beforeAll, describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { EVIDENCE } from "../../../src/core/documents/evidence.ts";
import { BENEFICIARY } from "../../../src/core/documents/beneficiary.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { collectEvidence } from "../../../src/evidence/collect.ts";
import { verifyEvidence } from "../../../src/evidence/verify.ts";
import { EVIDENCE_PORTS } from "../../../src/home/ports.ts";
import { atOnce } from "../../../src/store/statement.ts";
import { ask, build, decide, exported, makeDesk, receive, type Desk } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { follow } from "../../factory/treasury.ts";

/** A withdrawal that is asked for and approved. */
function approved(): { readonly desk: Desk; readonly id: Id } {
  const desk = makeDesk();
  const { id, intent } = ask(desk, "order-77", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  return { desk, id };
}

function gathered({ desk, id }: ReturnType<typeof approved>) {
  const document = atOnce(desk.store, () => collectEvidence(EVIDENCE_PORTS, desk.store, id, at("12:00:00")));
  const read = parseDocument(EVIDENCE, documentBytes(document));
  const claims = verifyEvidence(read, [bitcoinCodec], desk.custody.id);
  return {
    read,
    verdicts: new Map(claims.map(({ claim, verdict, says }) => [claim, `${verdict}: ${says}`])),
  };
}

describe("what the online host and a real signer have made", () => {
  let sent: ReturnType<typeof gathered>;
  beforeAll(() => {
    const story = approved();
    const { plan } = build(story.desk);
    const { request } = exported(story.desk, plan.id);
    receive(story.desk, signed(request, stateFor(story.desk.custody)).receipt);
    follow(story.desk, plan.id, "sending", "broadcast", "included", "final");
    sent = gathered(story);
  });

  test("is judged without a database, and nothing fails", () => {
    const failed = [...sent.verdicts].filter(([, says]) => says.startsWith("FAILED"));
    expect(failed).toEqual([]);
    expect(sent.verdicts.get("transaction")).toMatch(/^PROVEN/);
    expect(sent.verdicts.get("audit root")).toMatch(/^ATTESTED/);
    expect(sent.verdicts.get("record")).toContain(
      "REQUESTED, SCREENING, PENDING_APPROVAL, READY, PLANNED, EXPORTED, SIGNED",
    );
    expect(sent.verdicts.get("block")).toMatch(/^NOT PROVEN.*height 101/);
  });

  test("holds each part once", () => {
    const { body } = sent.read;
    expect([body.policies, body.intents, body.requests, body.receipts].map(({ length }) => length)).toEqual([
      1, 1, 1, 1,
    ]);
    expect(body.beneficiaries.map(({ kind }) => kind)).toEqual([BENEFICIARY.kind]);
    expect(new Set(body.audit.rows.map(({ row }) => row.entity))).toEqual(
      new Set(["withdrawal", "decision", "plan", "attempt", "posting"]),
    );
  });
});

test("of a withdrawal that never left, it proves nothing signed; of an unknown one there is none", () => {
  const story = approved();
  const { verdicts } = gathered(story);
  expect([...verdicts.values()].filter((says) => says.startsWith("FAILED"))).toEqual([]);
  expect(verdicts.get("signatures")).toMatch(/^NOT PROVEN/);
  expect(codeOf(() => gathered({ ...story, id: "00".repeat(16) as Id }))).toBe("WITHDRAWAL_UNKNOWN");
});
