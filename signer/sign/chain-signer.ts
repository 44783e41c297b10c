import type { ChainCodec } from "../../src/chains/adapter.ts";
import type { Network } from "../../src/core/chain.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { KeyRing } from "../keystore/key-ring.ts";

/**
 * The fourth interface of a chain (`src/chains/adapter.ts`), which only the signer has: from decoded bytes and keys to
 * signatures. It is called by gate G12 alone, with attempts that the review registered (law 2).
 */
export interface ChainSigner<Tx> {
  readonly codec: ChainCodec<Tx>;
  /** How many of how many keys a wallet asks for, in words: `2 of 3`. */
  quorum(wallet: PolicyWallet, network: Network): string;
  /** How many of the wallet's keys our seeds hold. @throws descriptor errors */
  countKeys(wallet: PolicyWallet, network: Network, keys: KeyRing): number;
  /** A signature of each input by each of its keys that a seed here holds. @throws KEY_MISSING for an input without */
  sign(tx: Tx, wallet: PolicyWallet, network: Network, keys: KeyRing): readonly InputSignature[];
}
