/** What an account's plan is built from: nonce, balances and fees as its endpoints agree on them, and what destinations take. */
import { evmFees } from "../chains/evm/fee-choice.ts";
import type { Address } from "../chains/evm/address.ts";
import { nonceKey } from "../chains/evm/nonce-key.ts";
import { isSafe } from "../chains/evm/safe-descriptor.ts";
import type { EvmSnapshot } from "../chains/evm/snapshot.ts";
import { contractOf } from "../chains/evm/tokens.ts";
import { walletSafe } from "../chains/evm/wallet.ts";
import type { WalletView } from "../chains/adapter.ts";
import { codecOf } from "../chains/registry.ts";
import { isNamed } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import type { EvmBlock } from "../nodes/evm/block.ts";
import { addressIn, tipOf } from "../nodes/evm/followed.ts";
import type { EvmQuorum } from "../nodes/evm/quorum.ts";
import { chargingBesideGas } from "../nodes/evm/rollup.ts";
import type { SafeState } from "../nodes/evm/safe-state.ts";
import { plansOver } from "../store/plans.ts";
import { feeCaps } from "../withdrawals/planning/build.ts";
import { destinations, type Facts } from "./evm-destinations.ts";
import { withEvmNodes } from "./evm-nodes.ts";
import { assertFresh } from "./node.ts";
import type { Online } from "./online.ts";
import { trusted } from "./trust.ts";

export const NONCE_FOREIGN = declareError(
  "NONCE_FOREIGN",
  "denied",
  "A transaction of an account of ours waits at a node, and is no attempt of ours: somebody else may have its key.",
);

export const FEES_BESIDE_GAS = declareError(
  "EVM_FEES_BESIDE_GAS",
  "denied",
  "A chain charges for more than gas, as rollups do, so that no signer can say what a payment costs.",
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
    await assertGasIsAll(evm, latest);
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

// A signer caps what a transaction says that it costs: gas, times its price. Where a chain takes more than that, no cap holds.
async function assertGasIsAll(evm: EvmQuorum, latest: EvmBlock): Promise<void> {
  if (isNamed(evm.chain)) return;
  const place = await chargingBesideGas(evm, latest);
  if (place === undefined) return;
  throw FEES_BESIDE_GAS(`${evm.chain} has ${place}: it charges for more than gas`, {
    field: "chain",
    hint: "docs/adr/0034-any-evm-chain.md",
  });
}
