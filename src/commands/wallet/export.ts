import { exportWallet, parseDescriptor, readExportOptions } from "../../chains/bitcoin/index.ts";
import { codecOf } from "../../chains/registry.ts";
import { parseName } from "../../core/identifier.ts";
import { withOnline } from "../../home/online.ts";
import { getWallet } from "../../store/wallets.ts";
import { optionalFlag, requiredFlag, type Run } from "../../terminal/command.ts";
import { deliverExport } from "../../terminal/wallet-export.ts";
import { drawWalletFacts } from "../../terminal/wallet-facts.ts";

/**
 * A registered wallet in a format of other makers. What their signers are given should come from a machine that pins its
 * policy (`custody-signer wallet export`): this host could have been told to say anything (attack B5).
 */
export const run: Run = async (call) =>
  withOnline(call, async ({ store, network }) => {
    const { flags } = call;
    const { name, chain, descriptor } = getWallet(store, parseName(call.args[0] ?? "", "name"));
    const options = readExportOptions({
      format: requiredFlag(flags, "as"),
      branch: optionalFlag(flags, "branch"),
      name: optionalFlag(flags, "called") ?? name,
    });
    const outcome = await deliverExport(
      call,
      `Wallet: ${name}`,
      exportWallet(parseDescriptor(descriptor, network), options),
      drawWalletFacts(name, codecOf(chain).walletFacts(descriptor, chain)),
    );
    return {
      ...outcome,
      next: `custody-signer wallet export ${name} --as ${options.format}   (at a signer: what you compare this with)`,
    };
  });
