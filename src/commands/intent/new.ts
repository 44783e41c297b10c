import { parseAmount, positive } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { MOVEMENT_TYPES } from "../../core/documents/intent-types.ts";
import { parseId, parseName } from "../../core/identifier.ts";
import { getPlan } from "../../store/plans.ts";
import type { Tx } from "../../store/transaction.ts";
import { countFlag, FLAG_MALFORMED, requiredFlag, type Flags, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { requestMovement, type Wish } from "../../treasury/request.ts";
import { change, requirePolicy, requireSession, newId, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawMovement, messageData, messageFacts, nextFor } from "./draw.ts";

const DAY_SECONDS = 86_400;

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { operator: requester } = requireSession(online);
    const policy = requirePolicy(online);
    const days = countFlag(call.flags, "expiresDays", { min: 1, max: 90, otherwise: 7 });
    const about = { policy, now: call.io.now(), lifeSeconds: days * DAY_SECONDS, id: newId(online) };
    const { movement, intent } = change(online, (tx, operation) =>
      requestMovement(PORTS, tx, wishOf(online, tx, call.flags), { ...about, operation, requester }),
    );
    return {
      data: { ...describe(movement), ...messageData(intent.body), expires: intent.body.expires },
      text: drawFacts([
        ...drawMovement(movement),
        ...messageFacts(intent.body),
        ["expires", intent.body.expires],
      ]),
      next: nextFor(movement),
    };
  });

function wishOf({ network }: Online, tx: Tx, flags: Flags): Wish {
  const type = requiredFlag(flags, "type");
  const asset = bitcoinAsset(network);
  if (type === "cancel") {
    const plan = getPlan(tx, parseId(requiredFlag(flags, "plan"), "--plan"));
    return { type, plan, asset };
  }
  if (type === "attest") {
    const wallet = parseName(requiredFlag(flags, "wallet"), "--wallet");
    const message = requiredFlag(flags, "message");
    return { type, wallet, asset, message, coins: flags["coins"] === true };
  }
  if (type === "transfer" || type === "consolidate") {
    const wallet = parseName(requiredFlag(flags, "wallet"), "--wallet");
    const amount = positive(parseAmount(requiredFlag(flags, "amount"), asset, "--amount"), "--amount");
    const common = { wallet, amount };
    return type === "transfer"
      ? { ...common, type, destination: parseName(requiredFlag(flags, "toWallet"), "--to-wallet") }
      : { ...common, type };
  }
  throw FLAG_MALFORMED(`--type ${JSON.stringify(type)} is none of ours`, {
    field: "--type",
    hint: `one of ${MOVEMENT_TYPES.join(", ")}`,
  });
}
