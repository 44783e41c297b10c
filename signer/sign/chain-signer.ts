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
  /** How many of how many keys a wallet asks for, in words: `1 of 1`. */
  quorum(wallet: PolicyWallet, network: Network): string;
  /** Whether a seed of ours holds a key of `wallet`. @throws descriptor errors */
  holdsKey(wallet: PolicyWallet, network: Network, keys: KeyRing): boolean;
  /** One signature for each input that a key of ours can sign. @throws KEY_MISSING */
  sign(tx: Tx, wallet: PolicyWallet, network: Network, keys: KeyRing): readonly InputSignature[];
}
