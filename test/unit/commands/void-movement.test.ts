import { expect, test } from "vitest";
import { documentBytes } from "../../../src/core/document.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { amount } from "../../../src/core/amount.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import type { Store } from "../../../src/store/database.ts";
import { step } from "../../attack/online.ts";
import { BTC, row } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { at, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { beginSession, onlineHome } from "../../factory/online-home.ts";
import { voided } from "../../factory/online-words.ts";
import { wish } from "../../factory/treasury.ts";

const CHANGES = { rows: [row("gathers", "0", "1000000000", 1, { type: "consolidate" })] };
const PLAN = fixtureId("plan of the consolidation");

/** A consolidation in the home's own database whose request has left. */
function leave(store: Store): { readonly id: Id; readonly intent: IntentDocument } {
  const desk = homeDesk(store, CHANGES);
  fund(desk);
  const { name: wallet } = desk.custody.wallet;
  const { movement, intent } = wish(desk, { type: "consolidate", wallet, amount: amount(BTC, 5_000n) });
  const bytes = Uint8Array.of(1);
  step(desk, (tx) => {
    const move = (version: number, to: "READY" | "PLANNED" | "EXPORTED") =>
      PORTS.moveMovement(tx, movement.id, { version, to, event: "test" });
    move(1, "READY");
    const own = { id: PLAN, wallet, digest: fixtureDigest("plan"), replaces: undefined, changeIndex: 0 };
    const intents = [
      { intent: intent.digest, withdrawal: undefined, row: "gathers" as never, units: 5_000n },
    ];
    PORTS.insertPlan(tx, { ...own, intents, snapshot: bytes, build: bytes, previous: bytes, feeUnits: 1n }, [
      "coin",
    ]);
    move(2, "PLANNED");
    move(3, "EXPORTED");
    PORTS.movePlan(tx, PLAN, { version: 1, to: "EXPORTED", event: "test" });
  });
  return { id: movement.id, intent };
}

test("withdraw import takes voids of an intent of our own, and intent show says what it waits for", async () => {
  const home = await onlineHome(CHANGES);
  await beginSession(home);
  const { id, intent } = home.inside(leave);
  const desk = home.inside((store) => homeDesk(store, CHANGES));
  const other = { ...intent, body: { ...intent.body, id: fixtureId("nobody's") } };
  home.write("stray.json", documentBytes(voided(desk, other)));
  home.write("void.json", documentBytes(voided(desk, intent)));

  expect((await home.run(`intent show ${id}`)).data).not.toHaveProperty("waits");
  expect((await home.run(`intent cancel ${id}`)).data).toMatchObject({ state: "REVOKING" });
  expect((await home.run(`intent show ${id}`)).data).toMatchObject({
    waits: "1 signer of wallet vault must void it, 0 have",
  });

  const stray = await home.run("withdraw import stray.json");
  expect(stray).toMatchObject({ exit: 5, error: { code: "VOID_UNFOUNDED" } });
  const [closed] = (await home.run("withdraw import void.json")).data as unknown[];
  expect(closed).toMatchObject({ id, state: "CANCELLED", signer: "signer-1" });
  expect((await home.run(`intent show ${id}`, { now: at("09:30:00") })).data).toMatchObject({
    plans: [{ plan: PLAN, state: "DEAD" }],
  });
});
