/** A token on the local EVM chain, a custody that lists it, and what is paid in it. FOR REGTEST ONLY. */
import { addressOf, type Address } from "../../src/chains/evm/address.ts";
import { contractOf } from "../../src/chains/evm/tokens.ts";
import type { EvmSnapshot } from "../../src/chains/evm/snapshot.ts";
import { tokenAsset, type AssetId } from "../../src/core/asset.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { row } from "./documents.ts";
import type { Custody, Payout } from "./custody.ts";
import { ANVIL, evmCustody, evmPayout, evmPlan } from "./evm-account.ts";
import { fixtureBytes } from "./identities.ts";

export function tokenOf(label: string, decimals = 6, symbol = "USDC", contract?: Address): AssetId {
  const address = contract ?? addressOf(fixtureBytes(`contract ${label}`).subarray(0, 20));
  return tokenAsset(ANVIL, address, decimals, symbol);
}

export const USDC = tokenOf("usdc");
export const TOKEN_GAS = 65_000;
/** 25 of the token. */
export const TWENTY_FIVE = 25_000_000n;

/** Ether's custody, which lists `token` and has a row for it. The row's fees are in ether. */
export function tokenCustody(token: AssetId = USDC, changes: Partial<Policy> = {}): Custody {
  const ether = evmCustody().policy.body.rows;
  const [{ feeBudget }] = ether as [Policy["rows"][number]];
  const limits = { dayUnits: "1000000000", monthUnits: "1000000000" };
  const tokens = { ...row("tokens", "0", "1000000000", 1, { asset: token }), limits, feeBudget };
  return evmCustody({ tokens: [token], rows: [...ether, tokens], ...changes });
}

type PayoutChanges = NonNullable<Parameters<typeof evmPayout>[1]>;

export function tokenPayout(custody: Custody, changes: PayoutChanges = {}, token: AssetId = USDC): Payout {
  return evmPayout(custody, {
    units: TWENTY_FIVE.toString(),
    ...changes,
    intent: { asset: token, ...changes.intent },
  });
}

/** What the chain says of a token's payment to each of `payouts`. */
export function tokenFacts(payouts: readonly Payout[], token: AssetId = USDC): Partial<EvmSnapshot> {
  return {
    tokens: [{ asset: token, balance: (4n * TWENTY_FIVE).toString() }],
    gas: payouts.map(({ beneficiary }) => ({ account: beneficiary.body.account, limit: TOKEN_GAS })),
  };
}

export function tokenPlan(
  custody: Custody,
  payouts: readonly Payout[],
  { snapshot, ...changes }: Parameters<typeof evmPlan>[2] = {},
  token: AssetId = USDC,
): PlanDocument {
  return evmPlan(custody, payouts, {
    ...changes,
    snapshot: { ...tokenFacts(payouts, token), ...snapshot },
  });
}

export const contract = (token: AssetId = USDC): Address => contractOf(token);
