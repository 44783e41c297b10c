import type { Network } from "../../core/chain.ts";

/** What distinguishes the encodings of one bitcoin network. `testnet` is testnet4, which keeps testnet's encodings. */
export type NetworkParameters = {
  /** Human-readable part of segwit addresses (BIP-173; regtest from Bitcoin Core's chainparams). */
  readonly hrp: string;
  /** Base58Check version bytes. */
  readonly pubKeyHash: number;
  readonly scriptHash: number;
  /** BIP-32 version bytes of extended keys. */
  readonly bip32: { readonly public: number; readonly private: number };
  /** The prefixes that these version bytes give in base58. */
  readonly extendedKey: { readonly public: string; readonly private: string };
  /** SLIP-44 coin type, the second level of BIP-44, 49, 84 and 86 paths. */
  readonly coinType: number;
};

const TEST: Omit<NetworkParameters, "hrp"> = {
  pubKeyHash: 0x6f,
  scriptHash: 0xc4,
  bip32: { public: 0x043587cf, private: 0x04358394 },
  extendedKey: { public: "tpub", private: "tprv" },
  coinType: 1,
};

/** Test networks share all version bytes but the human-readable part, so only segwit addresses tell them apart. */
export const BITCOIN_NETWORKS: Readonly<Record<Network, NetworkParameters>> = {
  mainnet: {
    hrp: "bc",
    pubKeyHash: 0x00,
    scriptHash: 0x05,
    bip32: { public: 0x0488b21e, private: 0x0488ade4 },
    extendedKey: { public: "xpub", private: "xprv" },
    coinType: 0,
  },
  testnet: { ...TEST, hrp: "tb" },
  regtest: { ...TEST, hrp: "bcrt" },
};
