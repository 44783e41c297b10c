import { parseName } from "../../core/identifier.ts";
import { codecOf } from "../../chains/registry.ts";
import { getWallet } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { drawWalletFacts } from "../../terminal/wallet-facts.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const wallet = getWallet(store, parseName(call.args[0] ?? "", "name"));
    const { name, chain, descriptor, nextReceive, nextChange } = wallet;
    const facts = codecOf(chain).walletFacts(descriptor, chain);
    const { quorum, kind, keys, receive: addresses } = facts;
    return {
      data: { name, chain, descriptor, nextReceive, nextChange, quorum, kind, keys, addresses },
      text: drawFacts([
        ...drawWalletFacts(name, facts),
        ["on", chain],
        ["descriptor", descriptor],
        ["given out", `${nextReceive} receive, ${nextChange} change`],
      ]),
    };
  });
