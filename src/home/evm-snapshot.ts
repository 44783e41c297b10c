/** What an account's plan is built from: nonce, balances and fees as its endpoints agree on them, and what destinations take. */
import { evmFees } from "../chains/evm/fee-choice.ts";
import type { Address } from "../chains/evm/address.ts";
import { encodeTransfer } from "../chains/evm/erc20.ts";
import { nonceKey } from "../chains/evm/nonce-key.ts";
import { isSafe } from "../chains/evm/safe-descriptor.ts";
import type { EvmSnapshot } from "../chains/evm/snapshot.ts";
import { contractOf } from "../chains/evm/tokens.ts";
import { walletSafe } from "../chains/evm/wallet.ts";
import type { WalletView } from "../chains/adapter.ts";
import { codecOf } from "../chains/registry.ts";
import type { AccountId } from "../core/account.ts";
import { amount, type Amount } from "../core/amount.ts";
import { assetFacts, nativeAsset } from "../core/asset.ts";
import { declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { BENEFICIARY, contractAt, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { visibleText } from "../core/text.ts";
import type { EvmBlock } from "../nodes/evm/block.ts";
import { addressIn, tipOf } from "../nodes/evm/followed.ts";
import type { EvmQuorum } from "../nodes/evm/quorum.ts";
import type { SafeState } from "../nodes/evm/safe-state.ts";
import { plansOver } from "../store/plans.ts";
import { listMovements } from "../store/treasury.ts";
import { listWithdrawals } from "../store/withdrawal-lists.ts";
import { feeCaps } from "../withdrawals/planning/build.ts";
import { withEvmNodes } from "./evm-nodes.ts";
import { assertFresh } from "./node.ts";
import type { Online } from "./online.ts";
import { READS } from "./ports.ts";
import { trusted } from "./trust.ts";

export const NONCE_FOREIGN = declareError(
  "NONCE_FOREIGN",
  "denied",
  "A transaction of an account of ours waits at a node, and is no attempt of ours: somebody else may have its key.",
);

export const SAFE_DIFFERS = declareError(
  "SAFE_DIFFERS",
  "denied",
  "A Safe on the chain is not what the policy pins of it: its owners, threshold, version or code were changed.",
);

/** @throws SAFE_DIFFERS, QUARANTINED, RECONCILE_FIRST, TIP_STALE, NONCE_FOREIGN, EVM_FEE_ABOVE_CAP, NODES_TOO_FEW, NODE_… */
export async function takeEvmSnapshot(
  online: Online,
  policy: PolicyDocument,
  view: WalletView,
): Promise<EvmSnapshot> {
  const { io } = online.call;
  const { chain, descriptor } = view.wallet;
  return withEvmNodes(online.call, policy, chain, async (nodes) => {
    await trusted(online, policy, nodes);
    const { evm } = nodes;
    const { latest } = await evm.tip();
    assertFresh(tipOf(latest), io, chain);
    const { account } = codecOf(chain).ownAccounts(descriptor, chain)(0, 0);
    const address = addressIn(account);
    const safe = isSafe(view.wallet) ? await safeAsPinned(evm, latest, view) : undefined;
    const nonce = safe?.nonce ?? (await accountNonce(online, evm, latest, address));
    const balance = await evm.balance(address, latest);
    const tokens = [];
    for (const asset of view.tokens) {
      const units = await evm.tokenBalance({ token: contractOf(asset), holder: address }, latest);
      tokens.push({ asset, balance: units.toString() });
    }
    const facts: Facts = { evm, latest, address, view };
    return {
      tip: tipOf(latest) as EvmSnapshot["tip"],
      taken: io.now(),
      account,
      ...(safe === undefined ? {} : { lists: { owners: [...safe.owners], modules: [...safe.modules] } }),
      nonce: nonce.toString(),
      balance: balance.toString(),
      ...(tokens.length === 0 ? {} : { tokens }),
      ...evmFees(await evm.fees(), feeCaps(policy, view)),
      ...(await destinations(online, facts)),
    };
  });
}

async function accountNonce(
  online: Online,
  evm: EvmQuorum,
  latest: EvmBlock,
  address: Address,
): Promise<bigint> {
  const nonce = await evm.nonce(address, latest);
  await assertNobodyElse(online, evm, { address, nonce });
  return nonce;
}

// Owners, threshold or code that are not what the policy pins were changed by somebody: nothing is built for such a Safe.
async function safeAsPinned(evm: EvmQuorum, latest: EvmBlock, view: WalletView): Promise<SafeState> {
  const pinned = walletSafe(view);
  const found = await evm.safeState(pinned.address, latest);
  const sorted = (owners: readonly string[]) =>
    [...owners]
      .map((owner) => owner.toLowerCase())
      .sort()
      .join();
  const differs = [
    ["owners", sorted(found.owners) === sorted(pinned.owners)],
    ["threshold", found.threshold === BigInt(pinned.threshold)],
    ["version", found.version === pinned.version],
    ["singleton", found.singleton === pinned.singleton],
  ].filter(([, same]) => same === false);
  if (differs.length === 0) return found;
  throw SAFE_DIFFERS(
    `the Safe ${pinned.address} has another ${differs.map(([name]) => name).join(", ")} than the policy pins`,
    {
      field: "wallet",
      hint: "custody emergency halt   (and look at the Safe: who has changed it?)",
    },
  );
}

// Whatever waits in a pool beside our own attempts was signed by somebody else with our key.
async function assertNobodyElse(
  { store }: Online,
  evm: EvmQuorum,
  { address, nonce }: { readonly address: Address; readonly nonce: bigint },
): Promise<void> {
  const expected = await evm.pendingNonce(address);
  for (let waiting = nonce; waiting < expected; waiting += 1n) {
    const key = nonceKey({ chain: evm.chain, address, nonce: waiting });
    if (plansOver(store, key).length > 0) continue;
    throw NONCE_FOREIGN(
      `a transaction of ${address} with nonce ${waiting} waits, and no plan here has that`,
      {
        field: "wallet",
        hint: "custody emergency halt   (docs/runbooks/halt-and-resume.md)",
      },
    );
  }
}

type Facts = {
  readonly evm: EvmQuorum;
  readonly latest: EvmBlock;
  readonly address: Address;
  readonly view: WalletView;
};

type Destinations = Pick<EvmSnapshot, "gas" | "refused">;

/** What is ready to be paid is played through before anything is built: it costs a fee to find out on the chain (F18). */
async function destinations({ store }: Online, facts: Facts): Promise<Destinations> {
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
