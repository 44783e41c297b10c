/** I13: an edge that is in no table is refused by the database; with the trigger gone, the probe says so. */
import { cpSync } from "node:fs";
import BetterSqlite3 from "better-sqlite3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf } from "../bundled.ts";
import { askQuietly, payQuietly } from "../quiet.ts";
import { openStage, type Stage } from "../stage.ts";
import { World } from "../world/world.ts";
import { illegalSteps, illegalStepsIn } from "./edges.ts";

let stage: Stage;
let world: World;
beforeAll(async () => {
  stage = openStage(hostOf());
  world = new World(3, stage.host, await stage.founded(3));
  await askQuietly(world);
  await payQuietly(world);
});
afterAll(() => {
  world.remove();
  stage.close();
});

test("every illegal step is refused in a world in which one order was paid", () => {
  expect(illegalSteps(world)).toEqual([]);
});

test.each(["withdrawal", "plan", "attempt", "kyc", "hold"])("without its trigger, %s is found", (table) => {
  const file = `${world.databaseFile}.${table}`;
  cpSync(world.databaseFile, file);
  const database = new BetterSqlite3(file);
  try {
    database.exec(`DROP TRIGGER ${table}_edge`);
    const found = illegalStepsIn(database);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((line) => line.startsWith(`the database lets ${table} go`))).toBe(true);
  } finally {
    database.close();
  }
});
