import { BITCOIN_CHAINS } from "../../core/chain.ts";
import { parseName } from "../../core/identifier.ts";
import { parseDescriptor } from "../../chains/bitcoin/index.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { change, withOnline } from "../../home/online.ts";
import { registerWallet } from "../../home/register-wallet.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const name = parseName(call.args[0] ?? "", "name");
    const descriptor = requiredFlag(call.flags, "descriptor");
    parseDescriptor(descriptor, online.network, "--descriptor");
    const wallet = change(online, (tx) =>
      registerWallet(tx, { name, chain: BITCOIN_CHAINS[online.network], descriptor }),
    );
    return {
      data: { name: wallet.name, chain: wallet.chain, descriptor: wallet.descriptor },
      text: `wallet ${name} registered`,
      next: `custody wallet show ${name}`,
    };
  });
