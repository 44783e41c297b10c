import { amount, parseAmount, positive, type Amount } from "../../core/amount.ts";
import { codecOf } from "../../chains/registry.ts";
import { assetFacts, nativeAsset, type AssetId } from "../../core/asset.ts";
import { MOVEMENT_TYPES } from "../../core/documents/intent-types.ts";
import { parseId, parseName, type Name } from "../../core/identifier.ts";
import { getPlan } from "../../store/plans.ts";
import type { Tx } from "../../store/transaction.ts";
import {
  countFlag,
  FLAG_MALFORMED,
  optionalFlag,
  requiredFlag,
  switchedOn,
  type Run,
} from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readAsset } from "../../withdrawals/intake/fields.ts";
import { requestMovement, type Wish } from "../../treasury/request.ts";
import { takeSnapshot } from "../../home/chain-snapshot.ts";
import { freeSnapshot } from "../../home/free-snapshot.ts";
import {
  change,
  newId,
  requirePolicy,
  requireSession,
  walletView,
  withOnline,
  type Online,
} from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { childAmount } from "./child.ts";
import { smallUnits } from "./small.ts";
import { describe, drawMovement, wordsData, wordsFacts, nextFor } from "./draw.ts";

const DAY_SECONDS = 86_400;

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const { operator: requester } = requireSession(online);
    const policy = requirePolicy(online);
    const days = countFlag(call.flags, "expiresDays", { min: 1, max: 90, otherwise: 7 });
    const about = { policy, now: call.io.now(), lifeSeconds: days * DAY_SECONDS, id: newId(online) };
    const gathered = await gatheredUnits(online);
    const { movement, intent } = change(online, (tx, operation) =>
      requestMovement(PORTS, tx, wishOf(online, tx, gathered), {
        ...about,
        operation,
        requester,
      }),
    );
    return {
      data: { ...describe(movement), ...wordsData(intent.body), expires: intent.body.expires },
      text: drawFacts([
        ...drawMovement(movement),
        ...wordsFacts(intent.body),
        ["expires", intent.body.expires],
      ]),
      next: nextFor(movement),
    };
  });

// With --small the node says how much there is to gather, and whether now is the time.
async function gatheredUnits(online: Online): Promise<bigint | undefined> {
  const { flags, io } = online.call;
  if (!switchedOn(flags, "small")) return undefined;
  const policy = requirePolicy(online);
  const view = walletView(online.store, policy, parseName(requiredFlag(flags, "wallet"), "--wallet"));
  const snapshot = await takeSnapshot(online, policy, view);
  return smallUnits(io, freeSnapshot(online.store, snapshot, view, undefined), view);
}

function wishOf(online: Online, tx: Tx, gathered: bigint | undefined): Wish {
  const { flags } = online.call;
  const type = requiredFlag(flags, "type");
  if (type === "cancel") {
    const plan = getPlan(tx, parseId(requiredFlag(flags, "plan"), "--plan"));
    return { type, plan, asset: coinOf(online, plan.wallet) };
  }
  const walletAsked = () => parseName(requiredFlag(flags, "wallet"), "--wallet");
  if (type === "attest") {
    const wallet = walletAsked();
    const message = requiredFlag(flags, "message");
    const coins = switchedOn(flags, "coins");
    if (coins) assertHasCoins(online, wallet, "--coins", "leave --coins out: what it holds, the chain says");
    return { type, wallet, asset: coinOf(online, wallet), message, coins };
  }
  if (type === "control") {
    const wallet = walletAsked();
    const view = walletView(online.store, requirePolicy(online), wallet);
    const changed = requiredFlag(flags, "change");
    codecOf(view.wallet.chain).assertChange(view, changed, "--change");
    return { type, wallet, asset: coinOf(online, wallet), change: changed };
  }
  const amountOf = (wallet: Name): Amount =>
    positive(parseAmount(requiredFlag(flags, "amount"), assetOf(online, wallet), "--amount"), "--amount");
  if (type === "transfer") {
    const wallet = walletAsked();
    const destination = parseName(requiredFlag(flags, "toWallet"), "--to-wallet");
    return { type, wallet, amount: amountOf(wallet), destination };
  }
  const parent = optionalFlag(flags, "childOf");
  if (type === "consolidate" && parent !== undefined) {
    const childOf = getPlan(tx, parseId(parent, "--child-of"));
    return { type, wallet: childOf.wallet, amount: childAmount(online, tx, childOf), childOf };
  }
  if (type === "consolidate") {
    const wallet = walletAsked();
    assertHasCoins(
      online,
      wallet,
      "--type",
      "there is nothing to gather: one payment may take all that it holds",
    );
    const all = gathered === undefined ? amountOf(wallet) : amount(coinOf(online, wallet), gathered);
    return { type, wallet, amount: all };
  }
  throw FLAG_MALFORMED(`--type ${JSON.stringify(type)} is none of ours`, {
    field: "--type",
    hint: `one of ${MOVEMENT_TYPES.join(", ")}`,
  });
}

// Asked before anybody approves it.
function assertHasCoins(online: Online, wallet: Name, field: string, hint: string): void {
  const { chain } = walletView(online.store, requirePolicy(online), wallet).wallet;
  if (codecOf(chain).addresses === "many") return;
  throw FLAG_MALFORMED(`wallet ${wallet} has a balance, and no coins`, { field, hint });
}

/** The coin of a wallet's chain. @throws WALLET_UNKNOWN */
function coinOf(online: Online, wallet: Name): AssetId {
  return nativeAsset(walletView(online.store, requirePolicy(online), wallet).wallet.chain);
}

/** What `--asset` names on the wallet's chain; its coin where nothing is named. */
function assetOf(online: Online, wallet: Name): AssetId {
  const coin = coinOf(online, wallet);
  const text = optionalFlag(online.call.flags, "asset");
  if (text === undefined) return coin;
  const asset = readAsset(text, requirePolicy(online).body, "--asset");
  if (assetFacts(asset).chain === assetFacts(coin).chain) return asset;
  throw FLAG_MALFORMED(`--asset ${JSON.stringify(text)} is not on the chain of wallet ${wallet}`, {
    field: "--asset",
    hint: "custody policy show   (names each wallet's chain, and every token)",
  });
}
