import { beforeEach, expect, test } from "vitest";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { ask, step } from "../../attack/online.ts";
import { testWallet } from "../../bitcoin/regtest-wallet.ts";
import { policyBody, row } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const [vault] = policyBody().wallets as [ReturnType<typeof policyBody>["wallets"][number]];
const cold = { ...vault, name: "cold" as Name, descriptor: testWallet("cold").descriptor.text };
const CHANGES = {
  wallets: [vault, cold],
  rows: [
    row("small", "0", "1000", 1),
    row("middle", "1000", "99999", 1, { wallets: [vault.name, cold.name] }),
    row("large", "99999", "100000000", 1, { wallets: [cold.name] }),
  ],
};

let home: OnlineHome;
let asked: Readonly<Record<"small" | "middle" | "large", Id>>;
beforeEach(async () => {
  home = await onlineHome(CHANGES);
  asked = home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk);
    return {
      small: ask(desk, "1", 1000n).id,
      middle: ask(desk, "2", 9999n).id,
      large: ask(desk, "3", 100_000n).id,
    };
  });
});

const listed = async (flags: string) =>
  (await home.run(`withdraw queue ${flags}`)).data.map(({ id }: { id: Id }) => id);

test("without a plan a withdrawal is listed for every wallet that its row lets pay", async () => {
  expect(await listed("--wallet vault")).toEqual([asked.small, asked.middle]);
  expect(await listed("--wallet cold")).toEqual([asked.middle, asked.large]);
  expect(await listed("--state PENDING_APPROVAL --limit 5")).toHaveLength(3);
});

test("with a plan it is listed for the plan's wallet alone", async () => {
  home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    const bytes = Uint8Array.of(1);
    step(desk, (tx) => {
      const plan = fixtureId("plan");
      const intent = PORTS.getWithdrawal(tx, asked.middle).intent as never;
      const intents = [{ intent, withdrawal: asked.middle, row: "middle" as Name, units: 9999n }];
      const own = { id: plan, wallet: cold.name, digest: fixtureDigest("plan"), replaces: undefined };
      PORTS.moveWithdrawal(tx, asked.middle, { version: 3, to: "READY", event: "test" });
      PORTS.insertPlan(
        tx,
        { ...own, intents, snapshot: bytes, build: bytes, previous: bytes, changeIndex: 0, feeUnits: 1n },
        ["coin"],
      );
      PORTS.moveWithdrawal(tx, asked.middle, { version: 4, to: "PLANNED", event: "test" }, { plan });
    });
  });
  expect(await listed("--wallet vault")).toEqual([asked.small]);
  expect(await listed("--wallet cold")).toEqual([asked.middle, asked.large]);
  expect(await listed("--wallet cold --state PLANNED")).toEqual([asked.middle]);
});

test("a queue of one state says what its oldest waits for; one of all states, or of none, says nothing", async () => {
  const { stderr } = await home.run("withdraw queue --state PENDING_APPROVAL");
  expect(stderr).toContain(`Next: custody withdraw bundle ${asked.small} --out bundle.json`);
  expect((await home.run("withdraw queue")).stderr).not.toContain("Next:");
  expect((await home.run("withdraw queue --state READY")).stderr).not.toContain("Next:");
});

test("its amounts have a unit", async () => {
  expect(await home.text("withdraw queue")).toMatch(/0\.00001000\s+BTC\s/);
});

test("pages keep the filter; a wallet that does not exist is refused", async () => {
  const { stderr } = await home.run("withdraw queue --wallet cold --state pending_approval --limit 1");
  expect(stderr).toContain(
    `Next: custody withdraw queue --state PENDING_APPROVAL --wallet cold --limit 1 --after ${asked.middle}`,
  );
  expect(await listed(`--wallet cold --limit 1 --after ${asked.middle}`)).toEqual([asked.large]);
  expect(await home.run("withdraw queue --wallet nowhere")).toMatchObject({ exit: 5 });
});
