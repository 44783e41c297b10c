import { exportWallet } from "../../../src/chains/wallet-export.ts";
import { optionalFlag, requiredFlag, type Run } from "../../../src/terminal/command.ts";
import { drawWalletFacts } from "../../../src/terminal/wallet-facts.ts";
import { deliverExport } from "../../../src/terminal/wallet-export.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";
import { chainSigner } from "../../sign/chains.ts";
import { pinnedWalletCalled } from "../pinned-wallet.ts";

/** From the pinned policy: what other makers' signers are given here, nobody online could have changed (attack B5). */
export const run: Run = async (call) => {
  const { flags, args } = call;
  const wallet = pinnedWalletCalled(load(homeOfCall(call)), args[0] ?? "", "name");
  const { name, chain, descriptor } = wallet;
  return deliverExport(
    call,
    `Wallet: ${name}`,
    exportWallet(wallet, {
      format: requiredFlag(flags, "as"),
      branch: optionalFlag(flags, "branch"),
      name: optionalFlag(flags, "called") ?? name,
    }),
    drawWalletFacts(name, chainSigner(chain).codec.walletFacts(descriptor, chain)),
  );
};
