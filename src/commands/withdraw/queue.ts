import { formatDecimal } from "../../core/amount.ts";
import { splitAccount } from "../../core/account.ts";
import { assetFacts } from "../../core/asset.ts";
import { declareError } from "../../core/errors.ts";
import { parseName, type Name } from "../../core/identifier.ts";
import { seconds } from "../../core/instant.ts";
import { EDGES, type WithdrawalState } from "../../core/states/edges.ts";
import { getWallet } from "../../store/wallets.ts";
import { listWithdrawals, type PayingWallet } from "../../store/withdrawal-lists.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { PAGE_ROWS, pageOf } from "../page.ts";
import type { Withdrawal } from "../../store/withdrawals.ts";
import { WAITING_FOR } from "../../withdrawals/waiting.ts";
import { describe } from "./draw.ts";

export const STATE_UNKNOWN = declareError("STATE_UNKNOWN", "usage", "There is no state with this name.");

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const page = pageOf(call.flags);
    const [state, wallet] = [optionalFlag(call.flags, "state"), optionalFlag(call.flags, "wallet")];
    const payer = wallet === undefined ? undefined : payerOf(online, parseName(wallet, "--wallet"));
    const found = listWithdrawals(store, { state: readState(state), payer }, page);
    const now = seconds(call.io.now());
    const last = found[found.length - 1];
    return {
      data: found.map(describe),
      text: drawTable(
        [
          { head: "STATE" },
          { head: "AGE", align: "right" },
          { head: "AMOUNT", align: "right" },
          { head: "ASSET" },
          { head: "ID" },
          { head: "TO" },
        ],
        found.map(({ id, state, amount, account, created }) => [
          state,
          age(now - seconds(created)),
          formatDecimal(amount),
          assetFacts(amount.asset).symbol,
          id,
          splitAccount(account).address,
        ]),
        call.io.stdout,
      ),
      next:
        found.length === page.limit && last !== undefined
          ? [
              "custody withdraw queue",
              ...(state === undefined ? [] : [`--state ${state.toUpperCase()}`]),
              ...(wallet === undefined ? [] : [`--wallet ${wallet}`]),
              ...(page.limit === PAGE_ROWS ? [] : [`--limit ${page.limit}`]),
              `--after ${last.id}`,
            ].join(" ")
          : nextOf(found[0], optionalFlag(call.flags, "state"), payer),
    };
  });

/** Of a queue of one state, what the oldest waits for; the others wait for the same. */
function nextOf(
  first: Withdrawal | undefined,
  state: string | undefined,
  payer: PayingWallet | undefined,
): string | undefined {
  if (first === undefined || state === undefined) return undefined;
  // Its hold waits for voids, and a signer voids by the bundle.
  if (first.state === "REVOKING") return `custody withdraw bundle ${first.id} --out bundle.json`;
  const next = WAITING_FOR[first.state]?.next({ id: first.id, plan: first.plan });
  return payer === undefined ? next : next?.replace("--wallet NAME", `--wallet ${payer.wallet}`);
}

/** A wallet, in use or not any more, with the bands of the rows that let it pay. @throws WALLET_UNKNOWN */
function payerOf(online: Online, wallet: Name): PayingWallet {
  getWallet(online.store, wallet);
  const bands = requirePolicy(online).body.rows.filter(
    ({ type, wallets }) => type === "withdrawal" && wallets.includes(wallet),
  );
  return { wallet, bands };
}

function readState(text: string | undefined): WithdrawalState | undefined {
  if (text === undefined) return undefined;
  const state = text.toUpperCase();
  if (state in EDGES.withdrawal) return state as WithdrawalState;
  throw STATE_UNKNOWN(`there is no state ${JSON.stringify(text)}`, {
    field: "--state",
    hint: Object.keys(EDGES.withdrawal).join(" | "),
  });
}

/** A span in its largest unit: `5m`, `3h`, `2d`. */
function age(span: number): string {
  if (span < 60) return `${span}s`;
  if (span < 3600) return `${Math.floor(span / 60)}m`;
  return span < 86400 ? `${Math.floor(span / 3600)}h` : `${Math.floor(span / 86400)}d`;
}
