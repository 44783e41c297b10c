import { parseName } from "../../core/identifier.ts";
import { codecOf } from "../../chains/registry.ts";
import { splitAccount } from "../../core/account.ts";
import { getWallet, insertAddress } from "../../store/wallets.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { drawCommand } from "../../terminal/advice.ts";
import { requireCustomer } from "../customer/find.ts";
import { change, distrust, withOnline } from "../../home/online.ts";

/** Gives out the next receive address. It is derived and taken in one transaction, so nobody else gets it. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const name = parseName(call.args[0] ?? "", "name");
    const ref = optionalFlag(call.flags, "customer");
    // A copy that was put back does not know which addresses it has given out since.
    const doubt = distrust(online);
    if (doubt !== undefined) throw doubt;
    const address = change(online, (tx) => {
      const customer = ref === undefined ? undefined : requireCustomer(tx, ref).id;
      const { chain, descriptor, nextReceive: index } = getWallet(tx, name);
      const { account, path } = codecOf(chain).ownAccounts(descriptor, chain)(0, index);
      insertAddress(tx, { account, wallet: name, branch: 0, index, customer });
      return { account, address: splitAccount(account).address, path, index };
    });
    return {
      data: {
        wallet: name,
        address: address.address,
        account: address.account,
        path: address.path,
        index: address.index,
      },
      text: [
        drawFacts([
          ["address", address.address],
          ["in groups", grouped(address.address)],
          ["path", address.path],
          ["credited to", ref ?? "nobody: the wallet itself"],
        ]),
        // What this host shows, it could have been made to show: a signer derives the address from the pinned policy.
        drawCommand(
          "prove it   ",
          `custody-signer address verify ${address.address} --wallet ${name} --index ${address.index}   (at a signer)`,
          call.io.stdout,
        ),
      ].join(""),
      next: "custody-watcher once   (credits deposits once they are deep enough)",
    };
  });
