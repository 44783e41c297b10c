/** A wallet in formats of others, by the chain that it is on. */
import { BITCOIN_CHAINS, NETWORKS, type ChainId } from "../core/chain.ts";
import { parseDescriptor } from "./bitcoin/descriptor.ts";
import {
  exportWallet as exportBitcoinWallet,
  readExportOptions,
  type Exported,
} from "./bitcoin/exports/wallet-export.ts";
import { exportEvmWallet, type EvmExportAsked, type EvmExported } from "./evm/wallet-export.ts";

/**
 * @param asked the words as they were typed
 * @throws EXPORT_UNFIT, and as the parser of the chain's descriptors
 */
export function exportWallet(
  { chain, descriptor }: { readonly chain: ChainId; readonly descriptor: string },
  asked: EvmExportAsked,
): Exported | EvmExported {
  const network = NETWORKS.find((name) => BITCOIN_CHAINS[name] === chain);
  if (network === undefined) return exportEvmWallet(descriptor, chain, asked);
  return exportBitcoinWallet(
    parseDescriptor(descriptor, network, "wallet.descriptor"),
    readExportOptions(asked),
  );
}
