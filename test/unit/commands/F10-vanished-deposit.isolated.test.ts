/**
 * F10: a reorganisation has put another payment of the depositor's in the place of the one whose coin a plan spends. That
 * coin never comes back; people can vouch for it, by what the plan carries of the coin's own transaction.
 */
import { expect, test, vi } from "vitest";
import type { TransactionStatus } from "../../../src/chains/chain-node.ts";
import { parseTransaction } from "../../../src/chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { parseId } from "../../../src/core/identifier.ts";
import { getPlan, leasedKeys } from "../../../src/store/plans.ts";
import { previousBytes } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { ask, decide } from "../../attack/online.ts";
import { COINS, vaultSnapshot } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { compared, fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const OTHER = "cd".repeat(32);
let taken: readonly string[] = [];
let depth = 3;
const node = {
  chain: BITCOIN_CHAINS.regtest,
  status: async (): Promise<TransactionStatus> => ({
    state: "included",
    blockHash: "0b".repeat(32),
    height: 101,
    confirmations: depth,
  }),
  spends: async () => taken,
};
vi.mock("../../../src/home/node.ts", () => ({
  withNode: async (_call: unknown, _policy: unknown, work: (asked: typeof node) => unknown) => work(node),
}));
const snapshots: unknown[] = [];
vi.mock("../../../src/home/chain-snapshot.ts", () => ({ takeSnapshot: async () => snapshots.at(-1) }));

/** A home with a plan on a stranger's coin. @returns what the coin's own transaction spends */
async function planned(): Promise<{ home: OnlineHome; plan: string; below: string }> {
  const home = await onlineHome();
  await beginSession(home);
  home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    compared(desk);
    snapshots.push(vaultSnapshot(desk.custody, COINS));
    const { intent } = ask(desk, "k", 100_000n);
    decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  });
  const built = await home.run("withdraw build --wallet vault", { now: at("09:20:00") });
  const plan = built.data.plan as string;
  const [parent] = home.inside((store) => previousBytes(getPlan(store, parseId(plan, "plan"))));
  const [input] = parseTransaction(parent as Uint8Array).inputs;
  return { home, plan, below: `${BITCOIN_CHAINS.regtest}:outpoint:${input?.txid}:${input?.vout}` };
}

test("F10: the depositor's other payment, deep enough, is proof; one that takes another coin, or is not as deep, is not", async () => {
  const { home, plan, below } = await planned();
  const dead = (file: string) =>
    home.run(`withdraw dead ${plan} --spent-by ${OTHER} --out ${file}`, { now: at("09:30:00") });
  taken = [below.replace(/[0-9]+$/, "9")];
  expect(await dead("unfounded.json")).toMatchObject({ exit: 4, error: { code: "DEAD_UNFOUNDED" } });
  [taken, depth] = [[below], 2];
  expect(await dead("shallow.json")).toMatchObject({ exit: 8, error: { code: "NOT_DEEP_ENOUGH" } });
  depth = 3;
  const { exit, data } = await dead("dead.json");
  expect(exit).toBe(0);
  expect(data).toMatchObject({ spentBy: OTHER, block: { height: 101 } });
  expect([data.conflictKey]).toEqual(home.inside((store) => [...leasedKeys(store)]));
});
