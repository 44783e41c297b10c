/** Worlds of a 2-of-3 bitcoin wallet. */
import { addressOfScript, parseAddress } from "../../../../src/chains/bitcoin/address.ts";
import type { Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { assert } from "../../../../src/core/errors.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { BITCOIN } from "../../../attack/bench/grounds/bitcoin.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import type { Chain } from "../chain.ts";
import type { Family } from "../family.ts";
import { accountOfScript, INDEX_MAX, scriptsOf } from "./account.ts";
import { transactionOf } from "./attempt.ts";
import { BitcoinChain, pointIn, pointsOf } from "./chain.ts";
import { madeElsewhere, paidBy } from "./elsewhere.ts";
import { overpriced } from "./fees.ts";
import { BitcoinNode } from "./node.ts";

export const BITCOIN_FAMILY: Family = {
  name: "bitcoin",
  ground: BITCOIN,
  asset: "btc",
  decimals: 8,
  consolidates: true,
  inRow: false,
  calmRateMilli: 3000n,
  newChain: (time) => new BitcoinChain(time),
  newNode: (chain) => new BitcoinNode(ownChain(chain)),
  sends: (method, [bytes]) => (method === "broadcast" ? (bytes as Uint8Array) : undefined),
  askFees(_, nodes, rateMilli) {
    for (const node of nodes) if (node instanceof BitcoinNode) node.feeRateMilli = rateMilli;
  },
  async payIn(founding, ref, units) {
    const { data } = await founding.run(`wallet address vault --customer ${ref}`);
    for (const [place, one] of units.entries())
      ownChain(founding.chain).fund(funding(`${ref} ${place}`, data.address, one), founding.now());
  },
  enrich(chain, { vault }, now) {
    const [script = ""] = scriptsOf(vault.descriptor, 0).keys();
    const address = addressOfScript(fromHex(script), "regtest")?.address ?? "";
    ownChain(chain).fund(funding("a larger coin", address, 50_000_000n), now);
  },
  keysOf: (bytes) =>
    pointsOf(transactionOf(bytes)).map((point) => `${BITCOIN_CHAINS.regtest}:outpoint:${point}`),
  paysOf(bytes, { vault }) {
    const own = scriptsOf(vault.descriptor, INDEX_MAX);
    return transactionOf(bytes)
      .outputs.filter(({ script }) => !own.has(toHex(script)))
      .map(({ script, units }) => ({ account: `${accountOfScript(script)}`, units }));
  },
  overpriced,
  madeElsewhere,
  paidBy,
  coinOf: pointIn,
};

function ownChain(chain: Chain): BitcoinChain {
  assert(chain instanceof BitcoinChain, "a family has its own chain");
  return chain;
}

/** Whoever pays in is a stranger; its coin is as good as any. */
function funding(label: string, address: string, units: bigint): Transaction {
  const input = {
    txid: parseDigest(fixtureDigest(`coin for ${label}`)),
    vout: 0,
    scriptSig: new Uint8Array(),
    sequence: 0xffff_ffff,
    witness: [Uint8Array.of(1)],
  };
  return {
    version: 2,
    inputs: [input],
    outputs: [{ units, script: parseAddress(address, "regtest").script }],
    lockTime: 0,
  };
}
