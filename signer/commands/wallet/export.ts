import { exportWallet, readExportOptions } from "../../../src/chains/bitcoin/exports/wallet-export.ts";
import { walletFacts } from "../../../src/chains/bitcoin/wallet-facts.ts";
import { assert } from "../../../src/core/errors.ts";
import { optionalFlag, requiredFlag, type Run } from "../../../src/terminal/command.ts";
import { drawWalletFacts } from "../../../src/terminal/wallet-facts.ts";
import { deliverExport } from "../../../src/terminal/wallet-export.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";
import { pinnedWallets } from "../pinned-wallet.ts";

/** From the pinned policy: what other makers' signers are given here, nobody online could have changed (attack B5). */
export const run: Run = async (call) => {
  const { flags, args } = call;
  const [found] = pinnedWallets(load(homeOfCall(call)), args[0] ?? "", "name");
  assert(found !== undefined, "a wallet that is not there is refused");
  const { wallet, descriptor } = found;
  const options = readExportOptions({
    format: requiredFlag(flags, "as"),
    branch: optionalFlag(flags, "branch"),
    name: optionalFlag(flags, "called") ?? wallet.name,
  });
  return deliverExport(
    call,
    `Wallet: ${wallet.name}`,
    exportWallet(descriptor, options),
    drawWalletFacts(wallet.name, walletFacts(wallet.descriptor, descriptor.network)),
  );
};
