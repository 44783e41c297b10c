/** Worlds of an account on an EVM chain. */
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { nonceKey } from "../../../../src/chains/evm/nonce-key.ts";
import { parseAddress } from "../../../../src/chains/evm/address.ts";
import { codecOf } from "../../../../src/chains/registry.ts";
import { accountId, splitAccount } from "../../../../src/core/account.ts";
import { assert } from "../../../../src/core/errors.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import type { House } from "../../../attack/bench/house.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { fixtureBytes, fixtureDigest } from "../../../factory/identities.ts";
import type { Chain } from "../chain.ts";
import type { Family } from "../family.ts";
import { EvmChain } from "./chain.ts";
import { madeElsewhere, paidBy } from "./elsewhere.ts";
import { overpriced } from "./fees.ts";
import { ACCOUNT } from "./ground.ts";
import { EvmChainNode, FINAL_AFTER } from "./node.ts";
import { sentOf, type Sent } from "./transaction.ts";

const WEI_FOR_MILLI = 10n ** 6n;

export const EVM_FAMILY: Family = {
  name: "evm",
  ground: ACCOUNT,
  asset: "eth",
  decimals: 18,
  consolidates: false,
  inRow: true,
  calmRateMilli: 1000n,
  newChain: (time) => new EvmChain(time),
  newNode: (chain) => new EvmChainNode(ownChain(chain)),
  sends: (method, [text]) =>
    method === "eth_sendRawTransaction" ? fromHex((text as string).slice(2)) : undefined,
  askFees(chain, _, rateMilli) {
    ownChain(chain).baseFee = rateMilli * WEI_FOR_MILLI;
  },
  async payIn(founding, ref, units) {
    const chain = ownChain(founding.chain);
    for (const [place, one] of units.entries())
      chain.fund(funding(`${ref} ${place}`, founding.house, one), founding.now());
    for (let block = 0; block <= FINAL_AFTER; block++) chain.mine(founding.now());
    await founding.watch();
    const { data } = await founding.run("deposit unclaimed");
    for (const { coin } of data as readonly { coin: string }[])
      await founding.byWarrant(`deposit credit ${coin} --customer ${ref}`);
  },
  // One nonce is as good as the next: more money changes nothing of what is chosen.
  enrich: () => undefined,
  keysOf(bytes) {
    const { from, transaction } = sentOf(bytes);
    return [nonceKey({ chain: ANVIL, address: from, nonce: transaction.nonce })];
  },
  paysOf(bytes) {
    const { from, transaction } = sentOf(bytes);
    if (transaction.to === from) return [];
    return [{ account: accountId(ANVIL, transaction.to), units: transaction.value }];
  },
  overpriced,
  madeElsewhere,
  paidBy,
  coinOf: (key) => key,
};

function ownChain(chain: Chain): EvmChain {
  assert(chain instanceof EvmChain, "a family has its own chain");
  return chain;
}

/** Whoever pays in is a stranger; where its money comes from is nobody's question here. */
function funding(label: string, { vault }: House, value: bigint): Sent {
  const id = fixtureDigest(`ether for ${label}`);
  const { account } = codecOf(ANVIL).ownAccounts(vault.descriptor, ANVIL)(0, 0);
  return {
    id,
    name: id,
    bytes: new Uint8Array(),
    from: addressOf(fixtureBytes("whoever pays in").subarray(0, 20)),
    signature: { r: 1n, s: 1n, yParity: 0 },
    funding: true,
    transaction: {
      type: 2,
      chainId: 31_337n,
      nonce: 0n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
      gasLimit: 21_000n,
      to: parseAddress(splitAccount(account).address),
      value,
      data: new Uint8Array(),
      accessList: [],
    },
  };
}
