/**
 * The networks whose signatures are known here. A signature commits to the hash of its network's passphrase; one that is not
 * known is refused, and never taken for the public one (attack S1).
 */
import { STELLAR_CHAINS, type ChainId, type Network } from "../../core/chain.ts";
import { sha256 } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes, toHex, utf8 } from "../../core/hex.ts";

export const NETWORK_ID_UNKNOWN = declareError(
  "STELLAR_NETWORK_UNKNOWN",
  "denied",
  "Bytes are for a Stellar network that is not known here.",
);

/** As the networks call themselves. The last is what local ones of the field are started with. */
const PASSPHRASES: Readonly<Record<Network, string>> = {
  mainnet: "Public Global Stellar Network ; September 2015",
  testnet: "Test SDF Network ; September 2015",
  regtest: "Standalone Network ; February 2017",
};

const KNOWN = (Object.keys(PASSPHRASES) as Network[]).map((network) => ({
  chain: STELLAR_CHAINS[network],
  passphrase: PASSPHRASES[network],
  id: sha256(utf8(PASSPHRASES[network])),
}));

/** What signatures on `chain` commit to: 32 bytes. @throws STELLAR_NETWORK_UNKNOWN */
export function networkId(chain: ChainId): Uint8Array {
  const known = KNOWN.find((one) => one.chain === chain);
  if (known === undefined) throw NETWORK_ID_UNKNOWN(`${chain} is not a Stellar network`, { field: "chain" });
  return known.id;
}

/** The chain that bytes are for. @throws STELLAR_NETWORK_UNKNOWN */
export function chainOfNetwork(id: Uint8Array, field = "networkId"): ChainId {
  const known = KNOWN.find((one) => equalBytes(one.id, id));
  if (known !== undefined) return known.chain;
  throw NETWORK_ID_UNKNOWN(`${field} ${toHex(id)} is of no network that is known here`, {
    field,
    hint: "do not sign: what it does there nobody can say",
  });
}

/** What the network of `chain` calls itself. @throws STELLAR_NETWORK_UNKNOWN */
export function passphraseOf(chain: ChainId): string {
  const known = KNOWN.find((one) => one.chain === chain);
  if (known === undefined) throw NETWORK_ID_UNKNOWN(`${chain} is not a Stellar network`, { field: "chain" });
  return known.passphrase;
}
