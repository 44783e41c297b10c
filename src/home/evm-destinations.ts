/** What destinations of payments that are ready would do: played through before anything is built (F18). */
import type { Address } from "../chains/evm/address.ts";
import { encodeTransfer } from "../chains/evm/erc20.ts";
import type { EvmSnapshot } from "../chains/evm/snapshot.ts";
import { contractOf } from "../chains/evm/tokens.ts";
import type { WalletView } from "../chains/adapter.ts";
import { codecOf } from "../chains/registry.ts";
import type { AccountId } from "../core/account.ts";
import { amount, type Amount } from "../core/amount.ts";
import { assetFacts, nativeAsset } from "../core/asset.ts";
import { toHex } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { BENEFICIARY, contractAt, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import { visibleText } from "../core/text.ts";
import type { EvmBlock } from "../nodes/evm/block.ts";
import { addressIn } from "../nodes/evm/followed.ts";
import type { EvmQuorum } from "../nodes/evm/quorum.ts";
import { listMovements } from "../store/treasury.ts";
import { listWithdrawals } from "../store/withdrawal-lists.ts";
import type { Online } from "./online.ts";
import { READS } from "./ports.ts";

export type Facts = {
  readonly evm: EvmQuorum;
  readonly latest: EvmBlock;
  readonly address: Address;
  readonly view: WalletView;
};

type Destinations = Pick<EvmSnapshot, "gas" | "refused">;

/** What is ready to be paid is played through before anything is built: it costs a fee to find out on the chain (F18). */
export async function destinations({ store }: Online, facts: Facts): Promise<Destinations> {
  const { chain } = facts.view.wallet;
  const withdrawals = listWithdrawals(store, { state: "READY" }, { limit: LIMITS.pageRowsMax });
  const ready: readonly Paid[] = [
    ...withdrawals.map(({ account, amount: asked, beneficiary }) => ({
      account,
      amount: asked,
      signed: READS.findDocument(store, BENEFICIARY, beneficiary),
    })),
    ...transfersReady(store, facts.view),
  ].filter((one) => assetFacts(one.amount.asset).chain === chain);
  const gas = new Map<AccountId, number>();
  const refused = new Map<AccountId, string>();
  for (const { account, amount: asked, signed } of ready) {
    const to = addressIn(account);
    const found = (signed && (await otherwise(facts, to, signed))) ?? (await tried(facts, to, asked));
    if (found === undefined) continue;
    if ("why" in found) refused.set(account, visibleText(found.why).slice(0, LIMITS.textCharactersMax));
    else gas.set(account, Math.max(gas.get(account) ?? 0, found.limit));
  }
  return {
    gas: [...gas].map(([account, limit]) => ({ account, limit })),
    ...(refused.size === 0 ? {} : { refused: [...refused].map(([account, why]) => ({ account, why })) }),
  };
}

/** What this wallet is to send to others of ours. */
function transfersReady(store: Online["store"], { wallet, own }: WalletView): readonly Paid[] {
  const page = { limit: LIMITS.pageRowsMax };
  return listMovements(store, { state: "READY" }, page).flatMap((movement) => {
    const to = own.find(({ name }) => name === movement.destination);
    if (movement.wallet !== wallet.name || to?.chain !== wallet.chain) return [];
    const { account } = codecOf(to.chain).ownAccounts(to.descriptor, to.chain)(0, 0);
    return [{ account, amount: amount(movement.asset, movement.units) }];
  });
}

type Paid = {
  readonly account: AccountId;
  readonly amount: Amount;
  /** Of a customer's. */
  readonly signed?: BeneficiaryDocument | undefined;
};

/** How a destination differs from what people have signed: an account or a contract, and with which code (law 11). */
async function otherwise({ evm, latest }: Facts, to: Address, signed: BeneficiaryDocument) {
  const { size, hash } = await evm.code(to, latest);
  const contract = contractAt(signed);
  if (contract === undefined && size > 0) return { why: "it is a contract, and signed as an account" };
  if (contract !== undefined && size === 0) return { why: "it has no code, and is signed as a contract" };
  if (contract !== undefined && contract.codeHash !== hash)
    return { why: `its code is ${hash}, and not what was signed` };
  return undefined;
}

type Tried = { readonly limit: number } | { readonly why: string } | undefined;

/** Undefined for a plain account, which takes whatever it is paid for the least gas that there is. */
async function tried(facts: Facts, to: Address, { asset, units }: Amount): Promise<Tried> {
  const { evm, latest, address, view } = facts;
  if (asset === nativeAsset(view.wallet.chain)) {
    if ((await evm.code(to, latest)).size === 0) return undefined;
    return played(facts, { to, value: units });
  }
  if (!view.tokens.includes(asset)) return undefined;
  const token = contractOf(asset);
  if ((await evm.code(token, latest)).size === 0) return { why: `there is no contract at ${token}` };
  const holding = await evm.tokenBalance({ token, holder: address }, latest);
  // That there is too little is the builder's to say.
  const moved = units > holding ? holding : units;
  return played(facts, { to: token, data: toHex(encodeTransfer({ token, to, units: moved })) });
}

const GAS_MARGIN_PERCENT = 30n;
/** EIP-7825. */
const GAS_MAX = 2n ** 24n;
const FALSE = "0".repeat(64);

async function played(
  { evm, latest, address }: Facts,
  call: { readonly to: Address; readonly value?: bigint; readonly data?: string },
): Promise<Tried> {
  const from = { ...call, from: address };
  const simulated = await evm.simulate(from, latest);
  if (simulated.type === "failed") return { why: simulated.reason };
  // ERC-20 leaves it to a token whether it reverts or returns false; one that returns nothing has done it.
  if (call.data !== undefined && simulated.output === FALSE) return { why: "the token returns false" };
  const estimate = await evm.estimateGas(from, latest);
  if (estimate.type === "failed") return { why: estimate.reason };
  const limit = (estimate.gas * (100n + GAS_MARGIN_PERCENT)) / 100n;
  return limit > GAS_MAX ? { why: `it takes ${estimate.gas} gas` } : { limit: Number(limit) };
}
