import { listWallets } from "../../store/wallets.ts";
import { activePolicy } from "../../store/policies.ts";
import type { Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const named = new Set(
      activePolicy(online.store) === undefined
        ? []
        : requirePolicy(online).body.wallets.map(({ name }) => name),
    );
    const wallets = listWallets(online.store);
    return {
      data: wallets.map(({ name, chain, descriptor, nextReceive, nextChange }) => ({
        name,
        chain,
        descriptor,
        nextReceive,
        nextChange,
        inPolicy: named.has(name),
      })),
      text: drawTable(
        [
          { head: "WALLET" },
          { head: "POLICY" },
          { head: "RECEIVE", align: "right" },
          { head: "CHANGE", align: "right" },
          { head: "DESCRIPTOR" },
        ],
        wallets.map(({ name, descriptor, nextReceive, nextChange }) => [
          name,
          named.has(name) ? "named" : "not named",
          String(nextReceive),
          String(nextChange),
          descriptor,
        ]),
        call.io.stdout,
      ),
    };
  });
