import { beforeEach, describe, expect, test } from "vitest";
import { documentBytes, type Document, type DocumentHeader } from "../../../src/core/document.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { requestMovement } from "../../../src/treasury/request.ts";
import { ask, decide, step } from "../../attack/online.ts";
import { approval, BTC, row } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, BEN, fixtureId, MALLORY, RUTH, SIGNER, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { CARL, clearance, halt, resume, strict } from "../../factory/online-words.ts";

const OWN = strict({});
const CHANGES = {
  ...OWN,
  rows: [...(OWN.rows ?? []), row("gathers", "0", "1000000000", 1, { type: "consolidate" })],
};

let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome(CHANGES);
});

/** Only its custody counts: documents are made with it. */
const words = () => homeDesk(undefined as never, CHANGES);
const stopBy = (who: Cast) => halt(words(), who);
const put = (name: string, document: Document<DocumentHeader>) => home.write(name, documentBytes(document));
const audited = (entity: string) => home.inside((store) => listAuditRows(store, { entity }, { limit: 99 }));

describe("a halt", () => {
  test("law 13: is taken in without a session, as the act of whoever signed it", async () => {
    put("halt.json", stopBy(ANNA));
    expect(await home.run("withdraw import halt.json")).toMatchObject({ exit: 0, data: [{ inForce: true }] });
    expect(audited("document").at(-1)).toMatchObject({ actor: "anna", event: "imported" });
    expect((await home.run("status")).data.halts).toHaveLength(1);
  });

  test("law 8: has its maker as its actor under an operator's session too", async () => {
    await beginSession(home, at("09:00:00"));
    put("halt.json", stopBy(BEN));
    expect(await home.run("withdraw import halt.json", { now: at("09:05:00") })).toMatchObject({ exit: 0 });
    expect(audited("document").at(-1)).toMatchObject({ actor: "ben" });
  });

  test.each([
    ["a stranger's", MALLORY],
    ["a machine's", SIGNER],
  ])("%s is refused and leaves no row", async (_, who) => {
    put("halt.json", stopBy(who));
    const before = audited("document").length;
    expect(await home.run("withdraw import halt.json")).toMatchObject({
      exit: 7,
      error: { code: "HALT_UNSIGNED" },
    });
    expect(audited("document")).toHaveLength(before);
    expect((await home.run("status")).data.halts).toEqual([]);
  });

  test("a dry run takes it back", async () => {
    put("halt.json", stopBy(ANNA));
    expect(await home.run("withdraw import halt.json --dry-run")).toMatchObject({ exit: 0 });
    expect((await home.run("status")).data.halts).toEqual([]);
  });
});

describe("everything else needs a session", () => {
  test("a resume is not taken in without one, and is with one", async () => {
    const stop = stopBy(ANNA);
    put("halt.json", stop);
    put("resume.json", resume(words(), stop, [ANNA, BEN]));
    await home.run("withdraw import halt.json");
    expect(await home.run("withdraw import resume.json")).toMatchObject({
      exit: 4,
      error: { code: "SESSION_MISSING" },
    });
    expect((await home.run("status")).data.halts).toHaveLength(1);
    await beginSession(home, at("09:05:00"));
    const now = at("09:06:00");
    expect(await home.run("withdraw import resume.json", { now })).toMatchObject({ exit: 0 });
    expect((await home.run("status", { now })).data.halts).toEqual([]);
  });

  test("beside a halt, a decision and a PSBT are refused, and the halt is in force", async () => {
    const asked = home.inside((store) => {
      const desk = homeDesk(store, CHANGES);
      fund(desk);
      return ask(desk, "k", 1000n);
    });
    put("halt.json", stopBy(ANNA));
    put("approval.json", approval(asked.intent, [ANNA], { custody: words().custody.id }));
    home.write("signed.psbt", Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff, 0x00));
    const { exit, data } = await home.run("withdraw import approval.json signed.psbt halt.json");
    expect(exit).toBe(4);
    expect(data).toMatchObject([
      { error: { code: "SESSION_MISSING" } },
      { error: { code: "SESSION_MISSING" } },
      { inForce: true },
    ]);
    expect((await home.run("withdraw show " + asked.id)).data.state).toBe("PENDING_APPROVAL");
  });
});

describe("a yes that comes after the end", () => {
  const NOW = at("09:10:00");
  const ended = async (decision: "reject" | "approve") => {
    await beginSession(home, at("09:00:00"));
    const asked = home.inside((store) => {
      const desk = homeDesk(store, CHANGES);
      fund(desk);
      const one = ask(desk, "k", 1000n);
      if (decision === "reject")
        decide(desk, approval(one.intent, [BEN], { custody: desk.custody.id, decision }));
      return one;
    });
    const yes = approval(asked.intent, [ANNA], { custody: words().custody.id }, at("09:06:00"));
    put("approval.json", yes);
    return { asked, yes };
  };

  test("is refused, warned of, and told by status and audit show", async () => {
    const { asked, yes } = await ended("reject");
    const answer = await home.run("withdraw import approval.json", { now: NOW });
    expect(answer).toMatchObject({ exit: 6, error: { code: "DECISION_TOO_LATE" } });
    expect(answer.warnings.join()).toContain(`approve by anna came when withdrawal ${asked.id} was REJECTED`);
    const [late] = audited("late-decision");
    expect(late).toMatchObject({
      actor: "oscar",
      event: "came late",
      after: { by: "anna", decision: "approve", digest: yes.digest, id: asked.id, state: "REJECTED" },
    });
    const status = await home.run("status", { now: NOW });
    expect(status.data.late).toMatchObject([{ by: "anna", id: asked.id, operation: late?.operation }]);
    expect(await home.text("status", { now: NOW })).toMatch(/^LATE +approve by anna/m);
    const shown = await home.text(`audit show --operation ${late?.operation}`, { now: NOW });
    expect(shown).toContain("came late");
    expect((await home.run("audit verify", { now: NOW })).exit).toBe(0);
  });

  test("is noted once, however often it is brought, and told for a week", async () => {
    await ended("reject");
    const line = "withdraw import approval.json";
    await home.run(line, { now: NOW });
    await home.run(line, { now: NOW });
    expect(audited("late-decision")).toHaveLength(1);
    const week = "2026-11-30T09:10:00Z" as Instant;
    expect((await home.run("status", { now: week })).data.late).toEqual([]);
  });

  test("in time is no alarm", async () => {
    const { asked } = await ended("approve");
    expect(await home.run("withdraw import approval.json", { now: NOW })).toMatchObject({ exit: 0 });
    expect(await home.run(`withdraw cancel ${asked.id}`, { now: NOW })).toMatchObject({ exit: 0 });
    expect(audited("late-decision")).toEqual([]);
  });

  test("a late no is refused without an alarm", async () => {
    const { asked } = await ended("reject");
    put("no.json", approval(asked.intent, [ANNA], { custody: words().custody.id, decision: "reject" }));
    expect(await home.run("withdraw import no.json", { now: NOW })).toMatchObject({ exit: 6, warnings: [] });
    expect(audited("late-decision")).toEqual([]);
  });

  test("a stranger's cannot fill the audit log", async () => {
    const { asked } = await ended("reject");
    put("approval.json", approval(asked.intent, [MALLORY], { custody: words().custody.id }));
    expect(await home.run("withdraw import approval.json", { now: NOW })).toMatchObject({
      exit: 7,
      error: { code: "DECISION_UNSIGNED" },
    });
    expect(audited("late-decision")).toEqual([]);
  });

  test("a clearance of two, of which one has ended, clears the other and tells of the one", async () => {
    const { asked } = await ended("reject");
    const other = home.inside((store) => ask(homeDesk(store, CHANGES), "2", 2000n));
    put("clearance.json", clearance(words(), [asked.intent, other.intent]));
    const answer = await home.run("withdraw import clearance.json", { now: NOW });
    expect(answer.exit).toBe(0);
    expect(answer.warnings.join()).toContain(`clear by carl came when withdrawal ${asked.id} was REJECTED`);
    expect(audited("late-decision").map(({ after }) => after)).toMatchObject([
      { by: CARL.name, id: asked.id },
    ]);
    put("clearance.json", clearance(words(), [asked.intent], { code: "gold" as never }));
    expect(await home.run("withdraw import clearance.json", { now: NOW })).toMatchObject({ exit: 6 });
    expect(audited("late-decision")).toHaveLength(2);
  });

  test("of an intent of our own is told too", async () => {
    await beginSession(home, at("09:00:00"));
    const { movement, intent } = home.inside((store) => {
      const desk = homeDesk(store, CHANGES);
      fund(desk);
      return wished(desk);
    });
    expect((await home.run("status", { now: NOW })).data.movements).toEqual({ PENDING_APPROVAL: 1 });
    expect(await home.run(`intent cancel ${movement.id}`, { now: NOW })).toMatchObject({ exit: 0 });
    put("approval.json", approval(intent, [ANNA], { custody: words().custody.id }));
    const answer = await home.run("withdraw import approval.json", { now: NOW });
    expect(answer.warnings.join()).toContain(`came when intent ${movement.id} was CANCELLED`);
    const status = await home.run("status", { now: NOW });
    expect(status.data).toMatchObject({ movements: { CANCELLED: 1 }, late: [{ entity: "movement" }] });
  });
});

describe("status tells of intents of our own", () => {
  test("by state, what is stuck and why, and what is next", async () => {
    await beginSession(home, at("09:00:00"));
    const { movement } = home.inside((store) => {
      const desk = homeDesk(store, CHANGES);
      fund(desk);
      const made = wished(desk);
      step(desk, (tx) => {
        const move = (version: number, to: "READY" | "REVOKING", reason?: string) =>
          PORTS.moveMovement(tx, made.movement.id, { version, to, event: "test" }, { reason });
        move(1, "READY");
        move(2, "REVOKING", "odd");
      });
      return made;
    });
    const { data, stderr } = await home.run("status");
    expect(data).toMatchObject({
      movements: { REVOKING: 1 },
      stuck: [
        { intent: movement.id, type: "consolidate", wallet: "vault", state: "REVOKING", reason: "odd" },
      ],
    });
    expect(stderr).toContain("Next: custody intent list --state REVOKING");
    const text = await home.text("status");
    expect(text).toMatch(/^REVOKING +1 intent of our own$/m);
    expect(text).toMatch(
      new RegExp(`^stuck +consolidate ${movement.id} of vault is REVOKING\\s+\\(odd\\)$`, "m"),
    );
  });
});

function wished(desk: ReturnType<typeof homeDesk>) {
  return step(desk, (tx) =>
    requestMovement(
      PORTS,
      tx,
      { type: "consolidate", wallet: "vault" as never, amount: { asset: BTC, units: 5000n } },
      {
        policy: desk.custody.policy,
        requester: RUTH.name,
        now: at("08:50:00"),
        lifeSeconds: 86_400,
        operation: tx.operation,
        id: fixtureId("movement"),
      },
    ),
  );
}
