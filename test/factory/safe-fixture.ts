/** A Safe of three owners whose keys are published: FOR LOCAL CHAINS ONLY. */
import * as ecc from "tiny-secp256k1";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { addressOf, addressOfKey, type Address } from "../../src/chains/evm/address.ts";
import { SAFE_DEPLOYMENTS } from "../../src/chains/evm/deployments.ts";
import { hashSafeTx, type PinnedSafe, type SafeTx } from "../../src/chains/evm/safe.ts";
import type { Signature } from "../../src/chains/evm/signature.ts";
import { assert } from "../../src/core/errors.ts";
import { fixtureBytes } from "./identities.ts";

export type Owner = { readonly secret: Uint8Array; readonly address: Address };

export function ownerCalled(label: string): Owner {
  const secret = fixtureBytes(label);
  const key = ecc.pointFromScalar(secret, false);
  assert(key !== null, "a fixture's key is one");
  return { secret, address: addressOfKey(key.subarray(1)) };
}

/** By their addresses, as the contract wants their signatures. */
export const OWNERS = ["safe owner 1", "safe owner 2", "safe owner 3"]
  .map(ownerCalled)
  .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1)) as [Owner, Owner, Owner];
export const OUTSIDER = ownerCalled("no safe owner");

/** An address that nobody has a key for. */
export function stranger(label: string): Address {
  return addressOf(fixtureBytes(`safe stranger ${label}`).subarray(0, 20));
}

export function pinnedSafe(changes: Partial<PinnedSafe> = {}): PinnedSafe {
  const deployed = SAFE_DEPLOYMENTS.find(({ version }) => version === "1.4.1");
  assert(deployed !== undefined, "1.4.1 is deployed");
  return {
    chainId: 31337n,
    address: stranger("the safe"),
    version: "1.4.1",
    owners: OWNERS.map(({ address }) => address),
    threshold: 2,
    multiSendCallOnly: deployed.multiSendCallOnly,
    ...changes,
  };
}

/** What an owner makes of a Safe's transaction. */
export function signSafeTx(tx: SafeTx, safe: PinnedSafe, { secret }: Owner): Signature {
  return signRecoverable(hashSafeTx(tx, safe).digest, secret);
}
