/** B19: keys, coins or papers of one network used on another (coin isolation). Each paper and path names its network. */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { WALLET_MISMATCH } from "../../src/chains/bitcoin/wallet.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testSeed, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import { offered, onePayment, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("B19", "a request of another network is brought to the signer", {
  good: onePayment,
  bad: (papers) => ({ ...papers, body: { network: "testnet" as const } }),
  judge: offered,
  accepted: "signed",
  refused: "G1 WRONG_NETWORK",
  removes: ["a request is of the signer's network"],
  without: "G2 DOCUMENT_WRONG_NETWORK",
});

pair("B19", "a plan says that its wallet lies on another chain", {
  good: onePayment,
  bad: (papers) => withPlan(papers, () => ({ chain: BITCOIN_CHAINS.mainnet })),
  judge: offered,
  accepted: "signed",
  refused: "G4 WALLET_UNKNOWN",
  removes: ["a plan's wallet lies on the plan's chain"],
  without: "G6 ASSET_ELSEWHERE",
});

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);

pair("B19", "a descriptor has the path of another network's coin", {
  good: () => 1,
  bad: () => 0,
  judge(coinType) {
    const { key } = testSeed("coin isolation", [84, coinType, 0]);
    return codeOf(() => writeDescriptor({ kind: "p2wpkh", threshold: 1, keys: [key] }, "regtest"));
  },
  accepted: "none",
  refused: "DESCRIPTOR_NETWORK",
  removes: ["a path has its network's coin type"],
  without: "none",
});

test("B19: a wallet of one network is not used on another", () => {
  expectRefusal(() => decode(good, { ...view, network: "testnet" }), WALLET_MISMATCH);
  const crossed = {
    ...view,
    network: "mainnet" as const,
    wallet: { ...view.wallet, chain: BITCOIN_CHAINS.mainnet },
  };
  expect(() => decode(good, crossed)).toThrow(/tpub|mainnet/);
});
