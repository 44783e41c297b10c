/** Building what signs a message (BIP-322): `to_sign` over the wallet's first address, with its coins where they are shown. */
import type { BuildTask, BuiltPlan, WalletView } from "../adapter.ts";
import { declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { parseSignableMessage } from "../../core/signed-message.ts";
import { answeringKey } from "./message-plan.ts";
import { outpointKey } from "./outpoint.ts";
import { newPsbt } from "./psbt.ts";
import { parentsOf, previousOf, provenCoinKey } from "./snapshot-coins.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";
import { toSign, toSpend } from "./virtual-transactions.ts";
import { derivationsOf } from "./wallet-claims.ts";
import { walletDescriptor } from "./wallet.ts";

export const COINS_NONE = declareError(
  "COINS_NONE",
  "notFound",
  "A message shall show a wallet's coins, and the wallet has none.",
);
export const COINS_TOO_MANY = declareError(
  "COINS_TOO_MANY",
  "invalid",
  "A message shall show more coins than one transaction takes.",
);

type Task = Extract<BuildTask, { readonly type: "attest" }>;

/**
 * With coins, all of the snapshot's in its order: those that a plan has leased are ours as well, and showing one takes
 * nothing from that plan. A coin of 0 sat shows nothing and is left out.
 * @throws MESSAGE_UNSIGNABLE, COINS_NONE, COINS_TOO_MANY, SNAPSHOT_INCONSISTENT
 */
export function buildMessage(task: Task, view: WalletView, snapshot: BitcoinSnapshot): BuiltPlan {
  const message = parseSignableMessage(task.message, "message");
  const descriptor = walletDescriptor(view);
  const key = answeringKey(descriptor);
  const parents = parentsOf(snapshot);
  const coins = task.coins ? shownCoins(snapshot) : [];
  const unsigned = toSign(toSpend(message, key.script), coins);
  const keys = [key, ...coins.map((coin) => provenCoinKey(coin, descriptor, parents))];
  const base = newPsbt(
    unsigned,
    keys.map((each) => ({ derivations: derivationsOf(each) })),
    [{ derivations: [] }],
    message,
  );
  return {
    conflictKeys: unsigned.inputs.slice(0, 1).map((input) => outpointKey(input, view.network)),
    base: toBase64(base),
    rungs: [{ feeUnits: "0" }],
    previous: previousOf(coins, parents),
    changeIndex: undefined,
  };
}

function shownCoins(snapshot: BitcoinSnapshot): BitcoinSnapshot["coins"] {
  const coins = snapshot.coins.filter(({ units }) => units !== "0");
  const max = LIMITS.transactionInputsMax - 1;
  if (coins.length === 0)
    throw COINS_NONE("the wallet has no confirmed coins to show", {
      field: "coins",
      hint: "sign the message without --coins",
    });
  if (coins.length <= max) return coins;
  throw COINS_TOO_MANY(`the wallet has ${coins.length} coins, one message shows at most ${max}`, {
    field: "coins",
    hint: "consolidate the wallet's smallest coins first",
  });
}
