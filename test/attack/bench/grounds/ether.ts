/** What an account and a Safe have in common as grounds: one chain, its coin, and nonces for sets. */
import { addressOf, type Address } from "../../../../src/chains/evm/address.ts";
import { accountId } from "../../../../src/core/account.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { ANVIL, ETHER, evmCustody } from "../../../factory/evm-account.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import type { CoinSet, Ground } from "./ground.ts";

const WEI_PER_SATOSHI = 10n ** 10n;
const NONCES: Readonly<Record<CoinSet, bigint>> = { a: 7n, b: 8n, c: 9n, d: 10n, e: 11n, f: 12n };

/** An address whose key nobody here has. */
export const addressCalled = (label: string): Address => addressOf(fixtureBytes(label).subarray(0, 20));

/** The nonce of a plan over `sets`: one transaction has one, so that the first set alone counts. */
export const nonceOfSets = ([set = "a"]: readonly CoinSet[]): bigint => NONCES[set];

export const ON_ANVIL = {
  chain: ANVIL,
  asset: ETHER,
  rules: evmCustody().policy.body.chains[0] as Policy["chains"][number],
  unitsOf: (satoshi) => (BigInt(satoshi) * WEI_PER_SATOSHI).toString(),
  accountOf: (label) => accountId(ANVIL, addressCalled(label)),
} as const satisfies Partial<Ground>;
