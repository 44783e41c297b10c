import { assetFacts } from "../../core/asset.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import type { CustodyError } from "../../core/errors.ts";
import { parseId } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { UNPAID_PORTS, UNPAID_READS } from "../../home/chain-ports.ts";
import { withChain } from "../../home/chains.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { reconcileNow, RECONCILE_FIRST } from "../../home/trust.ts";
import { seenTip } from "../../store/coins.ts";
import { getWithdrawal, type Withdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { WithdrawalRow } from "../../withdrawals/rows.ts";
import { releaseIfClosed } from "../../withdrawals/ending/revoke.ts";
import { stand } from "../../withdrawals/stand.ts";
import {
  assertGoneFromChain,
  coinsSighted,
  dismissSightings,
  unsettleForeign,
} from "../../withdrawals/settling/unpaid.ts";
import { byWarrant } from "../warrants.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** Two admins say that a transaction of somebody else's has not paid the withdrawal, or not any more. */
export const run: Run = (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const transaction = parseDigest(requiredFlag(call.flags, "by"), "--by");
    const withdrawal = getWithdrawal(online.store, parseId(call.args[0] ?? "", "id"));
    const settled = UNPAID_READS.findForeignSettlement(online.store, withdrawal.id);
    return settled?.transaction === transaction
      ? unsettle(online, policy, withdrawal, { transaction, settlement: settled.warrant })
      : dismiss(online, policy, withdrawal, transaction);
  });

// It was another payment: the withdrawal goes on, or its hold is released if nobody wants it any more.
async function dismiss(
  online: Online,
  policy: PolicyDocument,
  withdrawal: Withdrawal,
  transaction: Digest,
): Promise<Outcome> {
  const { id } = withdrawal;
  const open = coinsSighted(UNPAID_READS, online.store, withdrawal, transaction);
  const coins = open.slice(0, LIMITS.sightingsPerWarrantMax);
  const act = { do: "unpaid", withdrawal: id, transaction, coins } as const;
  const result = await byWarrant(online, policy, act, (tx, { digest: warrant }) => {
    dismissSightings(UNPAID_PORTS, tx, withdrawal, { transaction, coins, warrant });
    return releaseIfClosed(PORTS, tx, PORTS.getWithdrawal(tx, id), policy.body);
  });
  const outcome = said(
    result.drafted ? { ...result, after: withdrawal } : { ...result, after: result.done },
    { transaction, coins },
  );
  return result.drafted
    ? { ...outcome, warnings: exactly(online, withdrawal, { transaction, coins }) }
    : outcome;
}

// One transaction may pay a destination twice, of which one output was this withdrawal's after all: it would be paid again.
function exactly(
  { store }: Online,
  { account, amount }: Withdrawal,
  { transaction, coins }: { readonly transaction: Digest; readonly coins: readonly string[] },
): readonly string[] {
  return UNPAID_READS.foreignPayments(store, transaction)
    .filter(({ coin }) => coins.includes(coin))
    .filter((paid) => paid.account === account && paid.amount.units === amount.units)
    .map(
      ({ coin }) =>
        `${coin} pays exactly what it asks for, to the unit: sign only if you know for which other withdrawal that was`,
    );
}

// People had said that it paid, and no block holds it any more. Only what was read up to the nodes' best block says so.
async function unsettle(
  online: Online,
  policy: PolicyDocument,
  withdrawal: Withdrawal,
  { transaction, settlement }: { readonly transaction: Digest; readonly settlement: Digest },
): Promise<Outcome> {
  const { id, amount } = withdrawal;
  const paidOn = assetFacts(amount.asset).chain;
  const { chain, tip, behind } = await withChain(online.call, policy, paidOn, async (node) => {
    const { compared } = await reconcileNow(online, policy, node);
    return { chain: node.chain, tip: compared.tip, behind: compared.verdict === "behind" };
  });
  if (behind) throw unread();
  assertGoneFromChain(UNPAID_READS, online.store, { transaction });
  const [asset, units] = [amount.asset, amount.units.toString()];
  const act = { do: "unsettle", withdrawal: id, transaction, settlement, asset, units } as const;
  const result = await byWarrant(online, policy, act, (tx, { digest: warrant }) => {
    if (seenTip(tx, chain)?.hash !== tip.hash) throw unread();
    const paid = PORTS.getWithdrawal(tx, id);
    const unpaid = unsettleForeign(UNPAID_PORTS, tx, paid, { settlement, warrant });
    // The same reorganisation may have brought back what had killed its plans.
    return stand(PORTS, tx, unpaid, "its payment left the chain");
  });
  return said(result.drafted ? { ...result, after: withdrawal } : { ...result, after: result.done }, {
    transaction,
    coins: [],
  });
}

function unread(): CustodyError {
  return RECONCILE_FIRST("blocks are still to be read: one of them may hold the transaction", {
    field: "--by",
    hint: "custody-watcher once",
  });
}

type Said =
  | { readonly drafted: true; readonly next: string; readonly after: WithdrawalRow }
  | { readonly drafted: false; readonly warrant: { readonly digest: Digest }; readonly after: WithdrawalRow };

function said(
  result: Said,
  { transaction, coins }: { readonly transaction: Digest; readonly coins: readonly string[] },
): Outcome {
  const { after } = result;
  return {
    data: {
      ...describe(after),
      notBy: transaction,
      coins,
      ...(result.drafted ? {} : { warrant: result.warrant.digest }),
    },
    text: drawFacts([...drawWithdrawal(after), ["not paid by", transaction]]),
    next: result.drafted ? result.next : `custody withdraw show ${after.id}`,
  };
}
