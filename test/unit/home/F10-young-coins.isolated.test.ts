/** F10: a deposit in a young block may vanish in a reorganisation; what a command builds from leaves it where it is. */
import { expect, test, vi } from "vitest";
import type { BitcoinFacts } from "../../../src/chains/bitcoin/snapshot.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { takeBitcoinSnapshot } from "../../../src/home/bitcoin-snapshot.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { ask, build, decide, exported, makeDesk, receive, type Desk } from "../../attack/online.ts";
import { stateFor, vaultSnapshot, viewOf } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";

let facts: BitcoinFacts;
const node = { snapshot: async () => facts, pending: async () => new Set<string>() };
vi.mock("../../../src/home/node.ts", () => ({
  withNode: async (_call: unknown, _policy: unknown, work: (asked: typeof node) => unknown) => work(node),
}));
vi.mock("../../../src/home/trust.ts", () => ({ trusted: async () => undefined }));

/** What a command may build from, of coins that lie in blocks `depth` deep where the policy asks for three. */
async function offered(
  desk: Desk,
  coins: readonly { readonly units: bigint; readonly txid?: Digest | undefined }[],
  depth: number,
): Promise<readonly string[]> {
  const { tip, ...rest } = vaultSnapshot(
    desk.custody,
    coins.map(({ units }, place) => ({ units, index: place + 1 })),
  );
  const height = tip.height + 1 - depth;
  const listed = rest.coins.map((coin, place) => ({
    ...coin,
    txid: coins[place]?.txid ?? coin.txid,
    height,
  }));
  facts = { ...rest, tip, coins: listed, estimates: [] };
  const { io } = fakeIo({ env: { HOME: "/nowhere" }, now: at("09:30:00") });
  const online = { call: { io, flags: {} }, store: desk.store, network: "regtest" };
  const snapshot = await takeBitcoinSnapshot(online as never, desk.custody.policy, viewOf(desk.custody));
  return snapshot.coins.map((coin) => coin.units);
}

/** A signed payment on the coin of 60,000,000. */
function signedDesk() {
  const desk = makeDesk();
  const { intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  return { desk, attempts: attemptsOf(desk.store, plan.id) };
}

test("F10: a stranger's coin two blocks deep is not there yet; a block later it is", async () => {
  const desk = makeDesk();
  expect(desk.custody.policy.body.chains[0]?.confirmations).toBe(3);
  expect(await offered(desk, [{ units: 60_000_000n }], 2)).toEqual([]);
  expect(await offered(desk, [{ units: 60_000_000n }], 3)).toEqual(["60000000"]);
});

test("F10: change of an attempt of ours is at once, and so is a coin that a plan holds, wherever a reorganisation has put it", async () => {
  const { desk, attempts } = signedDesk();
  expect(await offered(desk, [{ units: 1_000_000n, txid: attempts[0]?.txid }], 1)).toEqual(["1000000"]);
  expect(await offered(desk, [{ units: 60_000_000n }, { units: 7_000_000n }], 1)).toEqual(["60000000"]);
});
