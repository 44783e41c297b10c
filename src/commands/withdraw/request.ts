import { parseAmount, positive } from "../../core/amount.ts";
import { ASSET_UNKNOWN, assetBySymbol, assetFacts, parseAsset, type AssetId } from "../../core/asset.ts";
import { networkOf, type Network } from "../../core/chain.ts";
import { parseText } from "../../core/text.ts";
import { assertAboveDust, parseAddress } from "../../chains/bitcoin/index.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { requestWithdrawal } from "../../withdrawals/request.ts";
import { change, newId, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { flags, io } = call;
    const policy = requirePolicy(online);
    const { operator } = requireSession(online);
    const asset = readAsset(requiredFlag(flags, "asset"), online.network);
    const amount = positive(parseAmount(requiredFlag(flags, "amount"), asset, "--amount"), "--amount");
    const destination = parseAddress(requiredFlag(flags, "to"), online.network, "--to");
    assertAboveDust(destination, amount.units, "--amount");
    const request = {
      customerRef: requiredFlag(flags, "customer"),
      amount,
      account: destination.account,
      clientKey: parseText(requiredFlag(flags, "key"), "--key", 128),
    };
    const { withdrawal, created } = change(online, (tx, operation) =>
      requestWithdrawal(PORTS, tx, request, {
        policy,
        requester: operator,
        now: io.now(),
        operation,
        id: newId(online),
      }),
    );
    return {
      data: { ...describe(withdrawal), created },
      text: drawFacts([
        ["request", created ? "stored, its amount is held" : "known: this key asked for the same before"],
        ...drawWithdrawal(withdrawal),
      ]),
      next:
        withdrawal.state === "PENDING_APPROVAL"
          ? `custody withdraw bundle ${withdrawal.id} --out review.json   (then: custody desk review review.json)`
          : `custody withdraw show ${withdrawal.id}`,
    };
  });

function readAsset(text: string, network: Network): AssetId {
  if (!text.includes(":")) return assetBySymbol(text, network, "--asset");
  const asset = parseAsset(text, "--asset");
  if (networkOf(assetFacts(asset).chain) === network) return asset;
  throw ASSET_UNKNOWN(`--asset ${asset} is not an asset on ${network}`, {
    field: "--asset",
    hint: "use btc",
  });
}
