/** Several endpoints of one Stellar network as one (F11, F15, F18): who lags is left behind, who lies alone is no majority. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Asset, Operation } from "@stellar/stellar-base";
import { parseAddress } from "../../src/chains/stellar/address.ts";
import { passphraseOf } from "../../src/chains/stellar/network-id.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { openJsonRpc } from "../../src/nodes/json-rpc.ts";
import { nodeQuorum } from "../../src/nodes/quorum.ts";
import { commonFacts } from "../../src/nodes/stellar/common-facts.ts";
import type { StellarRpc } from "../../src/nodes/stellar/header.ts";
import { stellarNode, type StellarFacts, type StellarNode } from "../../src/nodes/stellar/node.ts";
import { viewOf } from "../factory/custody.ts";
import { LOCAL, ONE, ownStellar, stellarCustody } from "../factory/stellar-account.ts";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { keypair, openSender } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;
const [payer, payee] = [keypair("quorum payer"), keypair("quorum payee")];
const accounts = [parseAddress(payer.publicKey()), ownStellar().address];

describe.skipIf(leavesOutSorobanHost())("endpoints of a Stellar network as one", () => {
  let server: SorobanNode;
  let rpc: StellarRpc;
  let honest: StellarNode;

  beforeAll(async () => {
    server = await startSorobanNode({ passphrase: passphraseOf(LOCAL) });
    rpc = openJsonRpc({ url: server.url, random: () => 0.5, attemptsMax: 1 });
    honest = stellarNode({ rpc, ours: { chain: LOCAL, accounts, tokens: [] } });
    for (const id of [...accounts, payee.publicKey()]) await server.fund(id, 1000n * ONE);
    await server.close();
  }, BUILD_MS_MAX);
  afterAll(async () => {
    rpc?.close();
    await server?.stop();
  });

  const together = (others: readonly StellarNode[], quorum = 2) =>
    nodeQuorum<StellarFacts>(
      [honest, ...others].map((node, place) => ({ name: `node ${place + 1}`, node })),
      { quorum, setting: "stellar-url", meet: commonFacts, observe: () => undefined },
    );

  async function paid(units: string): Promise<string> {
    const sender = openSender(server);
    const operation = Operation.payment({
      destination: payee.publicKey(),
      asset: Asset.native(),
      amount: units,
    });
    const made = await sender.make(payer.publicKey(), [operation]);
    made.sign(payer);
    const bytes = fromBase64(made.toEnvelope().toXDR("base64"));
    expect(await together([honest]).broadcast(bytes)).toEqual({ type: "accepted" });
    await server.close();
    return made.hash().toString("hex");
  }

  test("they agree on the tip, on where a payment stands and on what accounts hold", async () => {
    const name = await paid("3");
    const nodes = together([honest]);
    const tip = await nodes.tip();
    expect(tip).toEqual(await honest.tip());
    expect(await nodes.status(name)).toMatchObject({ state: "included", effect: { failed: false } });
    expect(await nodes.holdings?.(tip)).toEqual(await honest.holdings?.(tip));
    expect((await nodes.block(tip.height))?.transactions).toHaveLength(1);
  });

  test("F18: one that says a payment failed holds up what two others say: there is no vote", async () => {
    const name = await paid("4");
    const lying: StellarNode = {
      ...honest,
      status: async (transaction) => {
        const said = await honest.status(transaction);
        return said.state === "included" && said.effect !== undefined
          ? { ...said, effect: { ...said.effect, failed: true } }
          : said;
      },
    };
    const undecided = { state: "undecided", seen: true };
    expect(await together([lying]).status(name)).toMatchObject(undecided);
    expect(await together([honest, lying]).status(name)).toMatchObject(undecided);
    expect(await together([honest]).status(name)).toMatchObject({
      state: "included",
      effect: { failed: false },
    });
  });

  test("one that says otherwise what an account holds is compared with nothing", async () => {
    const tip = await honest.tip();
    const poor: StellarNode = { ...honest, holdings: () => Promise.resolve([]) };
    expect(await together([poor]).holdings?.(tip)).toBeUndefined();
    expect(await together([honest]).holdings?.(tip)).toEqual(await honest.holdings?.(tip));
  });

  test("F15: an account's facts are what all allow: the highest number, the least money, a bid that none sets alone", async () => {
    const view = viewOf(stellarCustody());
    const base = await honest.snapshot(view);
    const facts = (changes: Partial<StellarFacts>): StellarNode => ({
      ...honest,
      snapshot: () => Promise.resolve({ ...base, ...changes }),
    });
    const odd = facts({
      sequence: base.sequence + 1n,
      balance: base.balance - 5n,
      fees: { ...base.fees, usual: 10n ** 9n },
    });
    const met = await together([odd, facts({ fees: { ...base.fees, usual: 200n } })]).snapshot(view);
    expect(met).toMatchObject({ sequence: base.sequence + 1n, balance: base.balance - 5n });
    expect(met.fees.usual).toBe(200n);
    expect(await together([facts({})]).snapshot(view)).toEqual(base);
  });
});
