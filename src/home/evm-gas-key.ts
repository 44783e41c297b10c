/** What the gas key of Safes holds, beside what it should: much is too much for a key on a machine that has a network. */
import { evmFees } from "../chains/evm/fee-choice.ts";
import type { Address } from "../chains/evm/address.ts";
import type { Carrier } from "../chains/chain-node.ts";
import { accountId } from "../core/account.ts";
import { amount, parseAmount } from "../core/amount.ts";
import { nativeAsset } from "../core/asset.ts";
import { CustodyError } from "../core/errors.ts";
import { feeCapsOf } from "../core/policy/fee-caps.ts";
import { rulesFor } from "../core/policy/entries.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { EvmQuorum } from "../nodes/evm/quorum.ts";
import type { Io } from "../terminal/io.ts";
import { optionalSetting } from "./settings.ts";

const SETTING = "evm.relayer-max";
/** In the chain's coin. */
const MOST = "0.5";

/** Gas of a Safe's transaction with two owners and a few payments; one with many takes more, and is played through first. */
const EXECUTION_GAS = 200_000n;

/** Undefined where nodes do not agree. @throws AMOUNT_… for a setting that is no amount */
export async function gasKeyOf(
  evm: EvmQuorum,
  address: Address,
  policy: Policy,
  io: Io,
): Promise<Carrier | undefined> {
  const coin = nativeAsset(evm.chain);
  const most = parseAmount(optionalSetting(io, SETTING) ?? MOST, coin, SETTING);
  try {
    const { latest } = await evm.tip();
    const caps = feeCapsOf(rulesFor(policy, evm.chain));
    const { feeRateMilli } = evmFees(await evm.fees(), caps);
    const needs = (EXECUTION_GAS * BigInt(feeRateMilli) * caps.rateUnit.units) / 1000n;
    return {
      account: accountId(evm.chain, address),
      holds: amount(coin, await evm.balance(address, latest)),
      most,
      needs: amount(coin, needs),
    };
  } catch (error) {
    if (error instanceof CustodyError && error.exit === "network") return undefined;
    throw error;
  }
}
