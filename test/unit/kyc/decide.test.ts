import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../src/core/canonical.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import { KYC_PORTS } from "../../../src/home/ports.ts";
import {
  importReview,
  KYC_LIFE_MALFORMED,
  reviewKyc,
  submitKyc,
  suspendKyc,
  type KycReview,
} from "../../../src/kyc/decide.ts";
import { listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import { findKyc, kycDecisions } from "../../../src/store/kyc.ts";
import { write } from "../../../src/store/transaction.ts";
import { codeOf } from "../../factory/thrown.ts";
import { CONTEXT, CUSTOMER, furnish, id, NOW, scratch } from "../store/scratch.ts";

const SUBJECT = { id: CUSTOMER, ref: "c-1001" };
const code = (text: string) => text as Name;
const accept = {
  decision: "accept",
  tier: code("basic"),
  expires: "2027-11-22T08:00:00Z" as Instant,
  reason: code("checked"),
} as const satisfies KycReview;
const reject: KycReview = { decision: "reject", reason: code("no-answer") };

/** A customer and one step at a time; each says what has become of it. */
function office() {
  const { store } = scratch();
  furnish(store, 1000n);
  const step = <T>(work: (tx: Parameters<typeof KYC_PORTS.openKyc>[0]) => T) => write(store, CONTEXT, work);
  return {
    store,
    submit: () => step((tx) => submitKyc(KYC_PORTS, tx, SUBJECT)),
    review: (review: KycReview, now = NOW) => step((tx) => reviewKyc(KYC_PORTS, tx, SUBJECT, review, now)),
    suspend: () => step((tx) => suspendKyc(KYC_PORTS, tx, SUBJECT, code("list-hit"))),
    import: (review: KycReview, now = NOW) => step((tx) => importReview(KYC_PORTS, tx, SUBJECT, review, now)),
  };
}

describe("KYC decisions", () => {
  test("submit, accept, suspend, accept again: each step with actor, operation, reason and an audit row", () => {
    const { store, submit, review, suspend } = office();
    expect(findKyc(store, CUSTOMER)).toBeUndefined();
    submit();
    expect(review(accept)).toEqual(findKyc(store, CUSTOMER));
    expect(findKyc(store, CUSTOMER)).toMatchObject({ state: "ACCEPTED", tier: "basic", version: 3 });
    expect(suspend()).toEqual(findKyc(store, CUSTOMER));
    expect(findKyc(store, CUSTOMER)).toMatchObject({
      state: "SUSPENDED",
      tier: undefined,
      expires: undefined,
    });
    review({ ...accept, tier: code("full"), reason: code("cleared") });
    const told = kycDecisions(store, CUSTOMER, 100).map(({ from, to, event, tier, expires, reason }) =>
      [event, from, to, tier, expires, reason].join(" "),
    );
    expect(told).toEqual([
      "submitted NONE SUBMITTED   ",
      "accepted SUBMITTED ACCEPTED basic 2027-11-22T08:00:00Z checked",
      "suspended ACCEPTED SUSPENDED   list-hit",
      "accepted SUSPENDED ACCEPTED full 2027-11-22T08:00:00Z cleared",
    ]);
    const decisions = kycDecisions(store, CUSTOMER, 100);
    expect(decisions.every(({ actor, at }) => actor === "olga" && at === NOW)).toBe(true);
    expect(decisions.every(({ operation }) => operation === CONTEXT.operation)).toBe(true);
    expect(kycDecisions(store, CUSTOMER, 1).map(({ reason }) => reason)).toEqual(["cleared"]);
    verifyAudit(store);
  });

  test("neither names nor references come into the audit log", () => {
    const { store, submit, review } = office();
    submit();
    review(accept);
    const rows = listAuditRows(store, { entity: "kyc" }, { limit: 100 });
    expect(rows.length).toBe(3);
    expect(rows.map((row) => canonicalText(row)).join()).not.toContain(SUBJECT.ref);
  });

  test("only who is under review is reviewed, only who is accepted is suspended; the hint can be run", () => {
    const { submit, review, suspend } = office();
    const refused = (act: () => unknown, hint: string) =>
      expect(act).toThrow(expect.objectContaining({ code: STATE_CONFLICT.code, field: "kyc.state", hint }));
    const [resubmit, look] = ["custody kyc submit --customer c-1001", "custody kyc show --customer c-1001"];
    refused(() => review(accept), resubmit);
    refused(suspend, look);
    submit();
    refused(submit, look);
    refused(suspend, look);
    review(reject);
    refused(() => review(accept), resubmit);
    refused(suspend, look);
    submit();
    review(accept);
    refused(() => review(reject), resubmit);
    suspend();
    refused(suspend, look);
    expect(review(reject).state).toBe("REJECTED");
  });

  test("whoever is submitted again is not accepted meanwhile, and the old tier is gone", () => {
    const { store, submit, review } = office();
    submit();
    review(accept);
    submit();
    expect(findKyc(store, CUSTOMER)).toMatchObject({
      state: "SUBMITTED",
      tier: undefined,
      reason: undefined,
    });
  });

  test.each([
    [-1, KYC_LIFE_MALFORMED.code],
    [0, KYC_LIFE_MALFORMED.code],
    [1, "none"],
    [LIMITS.kycDaysMax * 86_400, "none"],
    [LIMITS.kycDaysMax * 86_400 + 1, KYC_LIFE_MALFORMED.code],
  ])("an acceptance for %i seconds", (life, expected) => {
    const { submit, review } = office();
    submit();
    expect(codeOf(() => review({ ...accept, expires: addSeconds(NOW, life) }))).toBe(expected);
  });
});

describe("reviews made elsewhere", () => {
  test("are taken from every state but SUSPENDED, submission and decision in one", () => {
    const { store, submit, suspend, import: take } = office();
    expect(take(accept).outcome).toBe("accepted");
    expect(take(reject).outcome).toBe("rejected");
    expect(take(accept).outcome).toBe("accepted");
    expect(take({ ...accept, tier: code("full") }).outcome).toBe("accepted");
    submit();
    expect(take(reject).outcome).toBe("rejected");
    take(accept);
    suspend();
    expect(codeOf(() => take(accept))).toBe(STATE_CONFLICT.code);
    expect(codeOf(() => take(reject))).toBe(STATE_CONFLICT.code);
    expect(findKyc(store, CUSTOMER)?.state).toBe("SUSPENDED");
  });

  test("that stand already change nothing, so that a list may be imported again", () => {
    const { store, import: take } = office();
    for (const review of [accept, reject]) {
      take(review);
      const { rows } = verifyAudit(store);
      expect(take(review)).toEqual({ outcome: "unchanged", record: findKyc(store, CUSTOMER) });
      expect(verifyAudit(store).rows).toBe(rows);
    }
    expect(take({ ...reject, reason: code("fraud") }).outcome).toBe("rejected");
  });

  test("an acceptance that is over is not taken, though it once stood", () => {
    const { import: take } = office();
    take(accept);
    expect(codeOf(() => take(accept, accept.expires))).toBe(KYC_LIFE_MALFORMED.code);
  });
});

describe("what the database refuses by itself", () => {
  const raw = (work: (tx: Parameters<typeof KYC_PORTS.openKyc>[0]) => unknown) => {
    const made = office();
    made.submit();
    return () => write(made.store, CONTEXT, (tx) => void work(tx));
  };

  test("an acceptance without tier, a tier without acceptance, and names for codes", () => {
    const update = (set: string) =>
      raw((tx) => {
        tx.audit({ entity: "kyc", entityId: CUSTOMER, version: 3, event: "test" });
        tx.database.exec(`UPDATE kyc SET ${set}, version = 3 WHERE id = '${CUSTOMER}'`);
      });
    const good = `state = 'ACCEPTED', tier = 'basic', expires = '${NOW}', reason = 'checked'`;
    expect(update(good)).not.toThrow();
    for (const bad of [
      "state = 'ACCEPTED'",
      "tier = 'basic'",
      `expires = '${NOW}'`,
      good.replace("basic", "Basic"),
      good.replace("basic", ""),
      good.replace("checked", "John Smith"),
      good.replace("checked", "c".repeat(33)),
      good.replace(NOW, "2027"),
    ])
      expect(update(bad), bad).toThrow(/CHECK|constraint/);
  });

  test("a step without its audit row, a deleted record, another customer's", () => {
    expect(raw((tx) => tx.database.exec("UPDATE kyc SET state = 'REJECTED', version = 3"))).toThrow(
      "kyc: its audit row is missing",
    );
    expect(raw((tx) => tx.database.exec("DELETE FROM kyc"))).toThrow("never deleted");
    expect(raw((tx) => tx.database.exec(`UPDATE kyc SET id = '${id(7)}'`))).toThrow(
      /never changes|one step|audit row/,
    );
    expect(raw((tx) => KYC_PORTS.openKyc(tx, id(7)))).toThrow(/FOREIGN KEY|constraint/);
  });
});
