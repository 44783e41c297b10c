import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../src/core/document.ts";
import { RESUME } from "../../../src/core/documents/halt.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { moveKyc } from "../../../src/store/kyc.ts";
import { activatePolicy } from "../../../src/store/policies.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import {
  cancelWithdrawal,
  DECISION_CONFLICT,
  DECISION_TOO_LATE,
  DECISION_UNSIGNED,
  importClearance,
} from "../../../src/withdrawals/deciding/decide.ts";
import { haltsNow } from "../../../src/withdrawals/deciding/evidence.ts";
import {
  HALTED,
  HALT_UNKNOWN,
  HALT_UNSIGNED,
  importHalt,
  importResume,
  RESUME_POLICY,
} from "../../../src/withdrawals/stopping/halt.ts";
import { KYC_DENIED, WITHDRAWAL_DENIED } from "../../../src/withdrawals/intake/request.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval, BTC, signedDocument } from "../../factory/documents.ts";
import { ANNA, at, BEN, MALLORY, OLGA, RUTH, type Cast } from "../../factory/identities.ts";
import { CARL, clearance, halt, resume, strict } from "../../factory/online-words.ts";
import { following, signedPolicy } from "../../factory/policies.ts";

type Asked = ReturnType<typeof ask>;
const word = (
  desk: Desk,
  { intent }: Asked,
  decision: "approve" | "release" | "reject" = "approve",
  who: readonly Cast[] = [ANNA],
  when = at("09:00:00"),
) => approval(intent, who, { custody: desk.custody.id, decision }, when);

const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);
const stateOf = (desk: Desk, { id }: Asked) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);
const clear = (desk: Desk, document: ReturnType<typeof clearance>, now = at("09:05:00")) =>
  step(desk, (tx) =>
    importClearance(PORTS, tx, document, { policy: desk.custody.policy, now }, (work) => {
      try {
        return write(tx, tx, work);
      } catch (error) {
        if (error instanceof CustodyError) return undefined;
        throw error;
      }
    }),
  );

describe("a band with a delay", () => {
  test("cools down after the quorum, and a release before the delay's end does not count", () => {
    const desk = makeDesk(strict({ delaySeconds: 600 }));
    const asked = ask(desk, "k", 1_000_000n);
    expect(decide(desk, word(desk, asked)).effect).toBe("cooling");
    expect(decide(desk, word(desk, asked, "release", [ANNA], at("09:09:59")), at("09:11:00"))).toMatchObject({
      effect: "cooling",
      why: expect.stringContaining("NOT_RELEASED"),
    });
    expect(decide(desk, word(desk, asked, "release", [BEN], at("09:10:00")), at("09:12:00")).effect).toBe(
      "ready",
    );
  });

  test("a release alone is no approval", () => {
    const desk = makeDesk(strict({ delaySeconds: 600 }));
    const asked = ask(desk, "k", 1_000_000n);
    expect(decide(desk, word(desk, asked, "release", [ANNA], at("09:20:00")), at("09:21:00")).effect).toBe(
      "collecting",
    );
  });
});

describe("a band with clearances", () => {
  const rule = { clearance: { quorum: 1, secondsMax: 3600, tiers: ["basic"] } } as never;

  test("one document clears many, each with a result of its own", () => {
    const desk = makeDesk(strict(rule));
    const [one, two, ended] = [ask(desk, "1", 1000n), ask(desk, "2", 2000n), ask(desk, "3", 3000n)];
    decide(desk, word(desk, one));
    decide(desk, word(desk, ended, "reject"));
    expect(stateOf(desk, one)).toBe("COOLING");
    const cleared = clear(desk, clearance(desk, [one.intent, two.intent, ended.intent]));
    expect(cleared.map(({ withdrawal, effect }) => [withdrawal.id, effect])).toEqual([
      [one.id, "ready"],
      [two.id, "collecting"],
    ]);
    expect(decide(desk, word(desk, two)).effect).toBe("ready");
  });

  test.each([
    ["another tier", { code: "gold" }, [CARL]],
    ["a stranger's", {}, [MALLORY]],
  ])("%s does not clear", (_, changes, who) => {
    const desk = makeDesk(strict(rule));
    const asked = ask(desk, "k", 1000n);
    decide(desk, word(desk, asked));
    const document = clearance(desk, [asked.intent], changes as never, who);
    if (who.includes(MALLORY)) expectRefusal(() => clear(desk, document), DECISION_UNSIGNED);
    else expect(clear(desk, document)[0]?.effect).toBe("cooling");
    expect(stateOf(desk, asked)).toBe("COOLING");
  });

  test("a refusal ends it, at once while nobody has approved and by law 3 afterwards", () => {
    const desk = makeDesk(strict(rule));
    const [early, late] = [ask(desk, "1", 1000n), ask(desk, "2", 2000n)];
    decide(desk, word(desk, late));
    const no = clearance(desk, [early.intent, late.intent], { decision: "refuse", code: "listed" as never });
    expect(clear(desk, no).map(({ effect }) => effect)).toEqual(["rejected", "revoking"]);
    expect(held(desk)).toBe(2000n);
  });
});

describe("a no", () => {
  test("before the quorum releases the hold; by compliance too", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 1000n);
    expect(decide(desk, word(desk, asked, "reject", [CARL]))).toMatchObject({ effect: "rejected" });
    expect(held(desk)).toBe(0n);
    expectRefusal(() => decide(desk, word(desk, asked)), DECISION_TOO_LATE);
  });

  test.each([[OLGA], [MALLORY], [RUTH]])("by %o is not a no", (who) => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 1000n);
    expectRefusal(() => decide(desk, word(desk, asked, "reject", [who])), DECISION_UNSIGNED);
    expect(held(desk)).toBe(1000n);
  });

  test("law 3: once a quorum has approved it keeps the hold, though the approval put it on hold (F25)", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 1000n);
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
    expect(decide(desk, word(desk, asked))).toMatchObject({
      effect: "held",
      why: expect.stringContaining("KYC_SUSPENDED"),
      withdrawal: { state: "ON_HOLD", code: "kyc-suspended" },
    });
    const cancelled = step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), { policy: desk.custody.policy }),
    );
    expect(cancelled.state).toBe("REVOKING");
    expect(held(desk)).toBe(1000n);
  });

  test("law 3: lapsed approvals are approvals: their papers may lie at a signer", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 1000n);
    const old = approval(asked.intent, [ANNA], { custody: desk.custody.id, expires: at("09:01:00") });
    expect(decide(desk, old, at("09:30:00")).effect).toBe("collecting");
    expect(decide(desk, word(desk, asked, "reject", [BEN]), at("09:31:00")).effect).toBe("revoking");
  });

  test("an operator may cancel what nobody has approved", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 1000n);
    const cancelled = step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), { policy: desk.custody.policy }),
    );
    expect(cancelled.state).toBe("CANCELLED");
    expect(held(desk)).toBe(0n);
    verifyLedger(desk.store);
  });
});

test("who requests may not approve, nor clear", () => {
  const changes = strict({});
  const identities = (changes.identities ?? []).map((identity) =>
    identity.name === RUTH.name ? { ...identity, roles: ["requester", "approver"] as never } : identity,
  );
  const desk = makeDesk({ ...changes, identities });
  const asked = ask(desk, "k", 1000n);
  expectRefusal(() => decide(desk, word(desk, asked, "approve", [RUTH])), DECISION_CONFLICT);
  expect(decide(desk, word(desk, asked, "approve", [ANNA])).effect).toBe("ready");
});

describe("KYC is asked at each step (F25)", () => {
  test("a customer who is suspended asks for nothing", () => {
    const desk = makeDesk(strict({}));
    ask(desk, "before", 1000n);
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
    expectRefusal(() => ask(desk, "after", 1000n), KYC_DENIED);
  });

  test("what was ready is left out of a plan while the customer is suspended", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 20_000_000n);
    decide(desk, word(desk, asked));
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
    expect(() => build(desk)).toThrow(/no withdrawal is ready/);
    const changes = { tier: "basic" as never, expires: "2027-01-01T00:00:00Z" as never };
    step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 4, to: "ACCEPTED", event: "accepted" }, changes));
    expect(build(desk).withdrawals).toHaveLength(1);
  });
});

describe("halts", () => {
  const stop = (desk: Desk, document: ReturnType<typeof halt>) =>
    step(desk, (tx) => importHalt(PORTS, tx, document, desk.custody.policy));
  const go = (desk: Desk, document: ReturnType<typeof resume>) =>
    step(desk, (tx) => importResume(PORTS, tx, document, desk.custody.policy));

  test("one person stops building and exporting; two approvers, each with a file, resume", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 20_000_000n);
    decide(desk, word(desk, asked));
    const stopped = halt(desk, OLGA, "vault");
    stop(desk, stopped);
    expectRefusal(() => build(desk), HALTED);
    expect(go(desk, resume(desk, stopped, [ANNA]))).toMatchObject({ signed: 1, needed: 2 });
    expectRefusal(() => build(desk), HALTED);
    expect(go(desk, resume(desk, stopped, [BEN]))).toMatchObject({ signed: 2 });
    const { plan } = build(desk);
    stop(desk, halt(desk, ANNA));
    expectRefusal(() => exported(desk, plan.id), HALTED);
  });

  test("over everything or the chain a request is refused, and the hint says who ends it; over a wallet it is not", () => {
    const desk = makeDesk(strict({}));
    stop(desk, halt(desk, OLGA, "vault"));
    ask(desk, "a", 20_000_000n);
    const stopped = halt(desk, ANNA);
    stop(desk, stopped);
    const refusal = expectRefusal(() => ask(desk, "b", 20_000_000n), WITHDRAWAL_DENIED);
    expect([refusal.details["rule"], refusal.hint]).toEqual([
      "HALTED",
      expect.stringMatching(/^custody emergency resume /),
    ]);
    go(desk, resume(desk, stopped, [ANNA, BEN]));
    ask(desk, "b", 20_000_000n);
  });

  /** Policy number 2 comes into force here. */
  function next(desk: Desk, changes: Partial<Policy>): Desk {
    const policy = signedPolicy(following(desk.custody.policy, changes), [ANNA]);
    step(desk, (tx) => {
      PORTS.saveDocument(tx, policy);
      activatePolicy(tx, { number: 2, digest: policy.digest });
    });
    return { ...desk, custody: { ...desk.custody, policy } };
  }
  const inForce = (desk: Desk) => step(desk, (tx) => haltsNow(PORTS, tx)).length;

  test("what a quorum has ended stays ended when one of it has left", () => {
    const desk = makeDesk(strict({}));
    const stopped = halt(desk, OLGA, "vault");
    stop(desk, stopped);
    go(desk, resume(desk, stopped, [ANNA, BEN]));
    const { identities } = desk.custody.policy.body;
    const after = next(desk, { identities: identities.filter(({ name }) => name !== BEN.name) });
    expect(inForce(after)).toBe(0);
  });

  test("half a quorum ends nothing under a later policy that asks for fewer, nor is it taken there", () => {
    const desk = makeDesk(strict({}));
    const stopped = halt(desk, OLGA, "vault");
    stop(desk, stopped);
    const half = resume(desk, stopped, [ANNA]);
    go(desk, half);
    const { quorums } = desk.custody.policy.body;
    const after = next(desk, { quorums: { ...quorums, resume: 1 } });
    expect(inForce(after)).toBe(1);
    expectRefusal(() => go(after, half), RESUME_POLICY);
    const { body } = half;
    const anew = makeDocument(RESUME, { ...body, policy: 2 });
    expect(go(after, signedDocument(anew, [ANNA], at("09:20:00")))).toMatchObject({ signed: 1, needed: 1 });
    expect(inForce(after)).toBe(0);
  });

  test("another wallet's halt stops nothing here", () => {
    const desk = makeDesk(strict({}));
    const asked = ask(desk, "k", 20_000_000n);
    decide(desk, word(desk, asked));
    stop(desk, halt(desk, OLGA, "other"));
    expect(build(desk).withdrawals).toHaveLength(1);
  });

  test("strangers stop nothing, and nobody resumes what never stopped", () => {
    const desk = makeDesk(strict({}));
    expectRefusal(() => stop(desk, halt(desk, MALLORY)), HALT_UNSIGNED);
    const never = halt(desk, ANNA, "vault");
    expectRefusal(() => go(desk, resume(desk, never, [ANNA, BEN])), HALT_UNKNOWN);
    stop(desk, never);
    expectRefusal(() => go(desk, resume(desk, never, [MALLORY])), HALT_UNSIGNED);
  });
});
