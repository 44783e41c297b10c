/** F26: what a step of the pass throws takes no backup away; the same pass without it makes one as well. */
import { existsSync, readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { BitcoinNodes } from "../../../src/home/node.ts";
import { NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import type { Call } from "../../../src/terminal/command.ts";
import { pass } from "../../../watcher/pass.ts";
import { writtenChain } from "../../factory/chain.ts";
import { compared, fund, homeDesk } from "../../factory/home-desk.ts";
import { at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { onlineHome } from "../../factory/online-home.ts";
import { codeOfAsync } from "../../factory/thrown.ts";

const chain = writtenChain();
let fails = false;
vi.mock("../../../src/home/node.ts", async (original) => ({
  ...(await original<object>()),
  withNode: (_call: unknown, _policy: unknown, work: (node: BitcoinNodes) => Promise<unknown>) =>
    work({ ...chain.node, agreed: () => chain.node.tip() } as BitcoinNodes),
}));
vi.mock("../../../watcher/deposits.ts", () => ({
  creditDeposits: async () => {
    if (fails) throw NODE_UNREACHABLE("a node that breaks at a block's details");
  },
}));

test.each([
  ["a pass whose deposits fail", true, "NODE_UNREACHABLE"],
  ["a pass that works", false, "none"],
])("%s has made its backup", async (_what, failing, code) => {
  fails = failing;
  const home = await onlineHome();
  home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    compared(desk);
  });
  const { io } = fakeIo({
    argv: ["once"],
    now: at("09:20:00"),
    cwd: home.path("."),
    env: { HOME: home.path(".") },
  });
  const program = { name: "custody-watcher" };
  const call = {
    program,
    command: "once",
    path: ["once"],
    io,
    args: [],
    flags: {},
    home: home.path("home"),
    dryRun: false,
    json: true,
  };
  expect(
    await codeOfAsync(() =>
      pass(
        call as unknown as Call,
        () => undefined,
        () => undefined,
      ),
    ),
  ).toBe(code);
  const folder = home.path("home/backups");
  expect(existsSync(folder) ? readdirSync(folder) : []).toHaveLength(1);
});
