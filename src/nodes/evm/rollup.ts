/** Rollups charge for data beside gas (ADR 34). What they keep their prices in has code at a place that is always the same. */
import { parseAddress, type Address } from "../../chains/evm/address.ts";
import type { EvmBlock } from "./block.ts";
import type { EvmQuorum } from "./quorum.ts";

/** GasPriceOracle of the OP stack, ArbGasInfo of Arbitrum, L1GasPriceOracle of Scroll. */
const PRICES: readonly Address[] = [
  parseAddress("0x420000000000000000000000000000000000000F"),
  parseAddress("0x000000000000000000000000000000000000006C"),
  parseAddress("0x5300000000000000000000000000000000000002"),
];

/** Where a chain keeps prices beside that of gas; undefined where no such place is known. */
export async function chargingBesideGas(
  evm: Pick<EvmQuorum, "code">,
  latest: EvmBlock,
): Promise<Address | undefined> {
  for (const place of PRICES) if ((await evm.code(place, latest)).size > 0) return place;
  return undefined;
}
