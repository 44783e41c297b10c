/** A message, and two wallets that sign it with or without showing their coins. */
import { build } from "../../src/chains/bitcoin/build.ts";
import {
  multisigWallet,
  optionsOf,
  snapshotOf,
  testWallet,
  viewOf,
  type TestWallet,
} from "./regtest-wallet.ts";

export const MESSAGE = "custody of example: reserves of 2026-11-22";
export const single = testWallet();
export const shared = multisigWallet();
export const coins = [
  { units: 60_000n, index: 7 },
  { units: 40_000n, branch: 1 as const, index: 2 },
];

export const attest = (wallet: TestWallet, shown: boolean, message = MESSAGE) => {
  const snapshot = snapshotOf(wallet, coins);
  return build({ type: "attest", message, coins: shown }, viewOf(wallet), snapshot, optionsOf(snapshot));
};
