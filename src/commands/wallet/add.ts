import { parseName } from "../../core/identifier.ts";
import { codecOf } from "../../chains/registry.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { chainFlag } from "../chain-flag.ts";
import { change, withOnline } from "../../home/online.ts";
import { registerWallet } from "../../home/register-wallet.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const name = parseName(call.args[0] ?? "", "name");
    const descriptor = requiredFlag(call.flags, "descriptor");
    const chain = chainFlag(call.flags, online.network);
    // Whatever cannot be read has no first address.
    codecOf(chain).ownAccounts(descriptor, chain)(0, 0);
    const wallet = change(online, (tx) => registerWallet(tx, { name, chain, descriptor }));
    return {
      data: { name: wallet.name, chain: wallet.chain, descriptor: wallet.descriptor },
      text: `wallet ${name} registered`,
      next: `custody wallet show ${name}`,
    };
  });
