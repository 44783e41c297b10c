import { parseName } from "../../core/identifier.ts";
import { deriveAddress, parseDescriptor } from "../../chains/bitcoin/index.ts";
import { getWallet } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

const SHOWN = 3;

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const wallet = getWallet(store, parseName(call.args[0] ?? "", "name"));
    const descriptor = parseDescriptor(wallet.descriptor, network);
    const addresses = Array.from(
      { length: SHOWN },
      (_, index) => deriveAddress(descriptor, 0, index).address,
    );
    const { name, chain, nextReceive, nextChange } = wallet;
    return {
      data: { name, chain, descriptor: wallet.descriptor, nextReceive, nextChange, addresses },
      text: drawFacts([
        ["wallet", `${name} on ${chain}`],
        ["descriptor", wallet.descriptor],
        ["given out", `${nextReceive} receive, ${nextChange} change`],
        ...addresses.map((address, index) => [`receive ${index}`, grouped(address)] as const),
      ]),
    };
  });
