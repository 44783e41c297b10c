import { codecOf } from "../../chains/registry.ts";
import { exportWallet } from "../../chains/wallet-export.ts";
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
  withOnline(call, async ({ store }) => {
    const { flags } = call;
    const wallet = getWallet(store, parseName(call.args[0] ?? "", "name"));
    const { name, chain, descriptor } = wallet;
    const format = requiredFlag(flags, "as");
    const outcome = await deliverExport(
      call,
      `Wallet: ${name}`,
      exportWallet(wallet, {
        format,
        branch: optionalFlag(flags, "branch"),
        name: optionalFlag(flags, "called") ?? name,
      }),
      drawWalletFacts(name, codecOf(chain).walletFacts(descriptor, chain)),
    );
    return {
      ...outcome,
      next: `custody-signer wallet export ${name} --as ${format}   (at a signer: what you compare this with)`,
    };
  });
