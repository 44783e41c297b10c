/**
 * What a transaction of an account does: it pays the chain's coin, or a token that the policy lists. A call that nothing
 * here can read is not signed (attack E6), nor one by which somebody else could move tokens later (attack E5).
 */
import { accountId } from "../../core/account.ts";
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import { declareError, type ErrorContext } from "../../core/errors.ts";
import type { WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import type { Address } from "./address.ts";
import { assertNoAllowance, decodeErc20Call, TRANSFER_TO, unknownCall, ZERO_ADDRESS } from "./erc20.ts";
import { tokenAt } from "./tokens.ts";
import type { EvmTransaction } from "./transaction.ts";
import { ownPlace } from "./wallet.ts";

export const PAYS_NOTHING = declareError(
  "EVM_PAYS_NOTHING",
  "denied",
  "A transaction moves nothing, or moves money from an account to itself.",
);

/** What a transaction that calls nothing takes (Yellow Paper, G_transaction): with no more, no code at its destination runs. */
export const PLAIN_GAS = 21_000n;

type Paid = { readonly to: Address; readonly asset: AssetId; readonly units: bigint };
type Calling = Pick<EvmTransaction, "to" | "value" | "data" | "gasLimit">;

/** @throws EVM_CALLDATA_UNKNOWN, EVM_CALLDATA_MALFORMED, EVM_ALLOWANCE_REFUSED, EVM_TRANSFER_TO, EVM_PAYS_NOTHING */
export function effectOf(transaction: Calling, account: AccountDescriptor, view: WalletView): Effect {
  const paid = paidBy(transaction, view);
  assertPays(paid, account.address, view.tokens);
  const { chain } = view.wallet;
  const { to, asset, units } = paid;
  const moved = { account: accountId(chain, to), asset, units };
  const own = ownPlace(view, to);
  const { gasLimit } = transaction;
  const gas = asset === nativeAsset(chain) && gasLimit > PLAIN_GAS ? { gas: Number(gasLimit) } : {};
  if (own === undefined) return { type: "pay", ...moved, ...gas };
  return { type: "own", wallet: own.wallet, ...moved, path: own.path, index: 0 };
}

function paidBy({ to, value, data }: Calling, { wallet: { chain }, tokens }: WalletView): Paid {
  const field = "plan.base.data";
  assertNoAllowance(data, field);
  const token = tokenAt(to, tokens);
  // Coins beside a transfer, or sent to a token's contract, would be lost there.
  if ((token === undefined && data.length > 0) || (token !== undefined && value > 0n))
    throw unknownCall(data, field);
  if (token === undefined) return { to, asset: nativeAsset(chain), units: value };
  const transfer = decodeErc20Call(data, to, field);
  return { to: transfer.to, asset: token, units: transfer.units };
}

/**
 * Refuses what would pay nobody, when it is built as when it is read.
 * @param about where the payment stands @throws EVM_TRANSFER_TO, EVM_PAYS_NOTHING
 */
export function assertPays(
  { to, units }: Pick<Paid, "to" | "units">,
  from: Address,
  tokens: readonly AssetId[],
  about: ErrorContext = IN_PLAN,
): void {
  if (to === ZERO_ADDRESS) throw TRANSFER_TO("the zero address is paid, whose key nobody has", about);
  if (tokenAt(to, tokens) !== undefined)
    throw TRANSFER_TO(`${to} is paid, a token's contract: what is sent there is lost`, about);
  if (to === from) throw PAYS_NOTHING("the account is paid that the payment comes from", about);
  if (units === 0n) throw PAYS_NOTHING(`${to} is paid nothing`, about);
}

const IN_PLAN: ErrorContext = {
  field: "plan.base.to",
  hint: "do not sign: somebody changed the transaction or the plan",
};
