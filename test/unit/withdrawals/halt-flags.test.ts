/** A halt that this host alone knows: builds, exports and first sendings stop, what is out is followed (law 13). */
import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import type { HaltScope } from "../../../src/core/documents/halt.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import {
  endHaltFlag,
  FLAG_RAISED_AGAIN,
  FLAG_UNKNOWN,
  getHaltFlag,
  haltFlags,
  raiseHaltFlag,
} from "../../../src/store/halt-flags.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { HALTED } from "../../../src/withdrawals/stopping/halt.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { signed } from "../../factory/gates.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, fixtureId } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { world } from "../../factory/watching.ts";
import { stateFor } from "../../factory/custody.ts";

const code = "theft" as Name;
const chain = BITCOIN_CHAINS.regtest;
const raise = (desk: Desk, scope: HaltScope, label = "flag") =>
  step(desk, (tx) => raiseHaltFlag(tx, { id: fixtureId(label), scope, code, detail: undefined }));

function ready(desk: Desk, key: string) {
  const asked = ask(desk, key, 20_000_000n);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked;
}

const STOPPING: readonly HaltScope[] = [
  { of: "everything" },
  { of: "chain", chain },
  { of: "wallet", wallet: "vault" as Name },
];
const ELSEWHERE: readonly HaltScope[] = [
  { of: "chain", chain: BITCOIN_CHAINS.testnet },
  { of: "wallet", wallet: "cold" as Name },
];

describe("a flag", () => {
  test.each(STOPPING)("over $of stops building and exporting, and neither once it has ended", (scope) => {
    const desk = makeDesk();
    ready(desk, "a");
    const flag = raise(desk, scope);
    expect(codeOf(() => build(desk))).toBe(HALTED.code);
    step(desk, (tx) => endHaltFlag(tx, flag.id, 1));
    const { plan } = build(desk);
    const again = raise(desk, scope, "again");
    expect(codeOf(() => exported(desk, plan.id))).toBe(HALTED.code);
    step(desk, (tx) => endHaltFlag(tx, again.id, 1));
    expect(exported(desk, plan.id).plan.state).toBe("EXPORTED");
  });

  test.each(STOPPING)("over $of refuses no request: a request holds money and moves none", (scope) => {
    const desk = makeDesk();
    raise(desk, scope);
    const { id } = ask(desk, "a", 20_000_000n);
    expect(getWithdrawal(desk.store, id).state).toBe("PENDING_APPROVAL");
  });

  test.each(ELSEWHERE)("over $of elsewhere stops nothing here", (scope) => {
    const desk = makeDesk();
    ready(desk, "a");
    raise(desk, scope);
    expect(exported(desk, build(desk).plan.id).plan.state).toBe("EXPORTED");
  });

  test("is raised once for each scope and code, and both ends stand in the audit log", () => {
    const desk = makeDesk();
    const first = raise(desk, { of: "everything" });
    expect(raise(desk, { of: "everything" }, "second")).toEqual(first);
    raise(desk, { of: "chain", chain }, "third");
    expect(haltFlags(desk.store)).toHaveLength(2);
    step(desk, (tx) => endHaltFlag(tx, first.id, 1));
    expect(codeOf(() => getHaltFlag(desk.store, first.id))).toBe(FLAG_UNKNOWN.code);
    expect(codeOf(() => step(desk, (tx) => endHaltFlag(tx, first.id, 1)))).toBe(FLAG_UNKNOWN.code);
    const rows = listAuditRows(desk.store, {}, { limit: 1000 }).filter(
      ({ entity }) => entity === "halt_flag",
    );
    expect(rows.map(({ event }) => event)).toEqual(["raised", "raised", "ended"]);
    expect(() => desk.store.database.exec("UPDATE halt_flag SET ended = NULL")).toThrow();
  });

  test("that is raised again is not ended by what people signed before; what the watcher repeats is no news", () => {
    const desk = makeDesk();
    const see = (detail: string) =>
      step(desk, (tx) =>
        raiseHaltFlag(tx, { id: fixtureId(detail), scope: { of: "everything" }, code, detail }),
      );
    const first = see("paid twice: transaction 1");
    expect(see("paid twice: transaction 1")).toEqual(first);
    expect(raise(desk, { of: "everything" })).toEqual(first);
    const again = see("paid twice: transaction 2");
    expect(again).toMatchObject({ id: first.id, version: 2, detail: "paid twice: transaction 2" });
    const end = (version: number) => step(desk, (tx) => endHaltFlag(tx, first.id, version));
    expect(codeOf(() => end(first.version))).toBe(FLAG_RAISED_AGAIN.code);
    end(again.version);
    expect(haltFlags(desk.store)).toEqual([]);
  });

  test("stops a first sending, and follows what is out", async () => {
    const desk = makeDesk();
    const { id } = ready(desk, "a");
    const { plan } = build(desk);
    const { request } = exported(desk, plan.id);
    receive(desk, signed(request, stateFor(desk.custody)).receipt);
    const flag = raise(desk, { of: "chain", chain });
    const watcher = world(desk, { stays: true });
    await watcher.run();
    expect(watcher.sent).toEqual([]);
    step(desk, (tx) => endHaltFlag(tx, flag.id, 1));
    await watcher.run();
    const [sent] = watcher.sent;
    expect(sent).toBeDefined();
    raise(desk, { of: "everything" }, "later");
    watcher.mine(sent as string, 3);
    await watcher.run();
    expect(getWithdrawal(desk.store, id).state).toBe("COMPLETED");
  });

  test("F10: is raised by the watcher itself when a settlement is reorganised away, and says so", async () => {
    const desk = makeDesk();
    ready(desk, "a");
    const { plan } = build(desk);
    receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
    const watcher = world(desk, { stays: true });
    await watcher.run();
    const [sent] = watcher.sent as [string];
    watcher.mine(sent, 3);
    await watcher.run();
    expect(haltFlags(desk.store)).toEqual([]);
    watcher.blocks.clear();
    await watcher.run();
    expect(haltFlags(desk.store)).toMatchObject([
      { code: "deep-reorganisation", raisedBy: "watcher", scope: { of: "chain", chain } },
    ]);
    ready(desk, "b");
    expect(codeOf(() => build(desk, { coins: [{ units: 50_000_000n, index: 2 }] }))).toBe(HALTED.code);
    expect(watcher.halts).toEqual(["deep-reorganisation"]);
  });
});
