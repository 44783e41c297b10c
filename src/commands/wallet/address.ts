import { parseName } from "../../core/identifier.ts";
import { declareError } from "../../core/errors.ts";
import { codecOf } from "../../chains/registry.ts";
import { splitAccount } from "../../core/account.ts";
import { getWallet, insertAddress } from "../../store/wallets.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { drawCommand } from "../../terminal/advice.ts";
import { requireCustomer } from "../customer/find.ts";
import { change, distrust, withOnline } from "../../home/online.ts";

export const ADDRESS_OF_ALL = declareError(
  "ADDRESS_OF_ALL",
  "usage",
  "A wallet has one address, which cannot be one customer's.",
);

function oneAddress(name: string, ref: string) {
  return ADDRESS_OF_ALL(`wallet ${name} is an account: its one address is nobody's, ${ref}'s neither`, {
    field: "--customer",
    hint: "custody deposit credit COIN --customer REF --out warrant.json   (once the payment is there)",
  });
}

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
      const { chain, descriptor, nextReceive } = getWallet(tx, name);
      const codec = codecOf(chain);
      const isAccount = codec.addresses === "one";
      if (isAccount && ref !== undefined) throw oneAddress(name, ref);
      const index = isAccount ? 0 : nextReceive;
      const { account, path } = codec.ownAccounts(descriptor, chain)(0, index);
      // An account's one address was taken when the wallet was.
      if (!isAccount) insertAddress(tx, { account, wallet: name, branch: 0, index, customer });
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
