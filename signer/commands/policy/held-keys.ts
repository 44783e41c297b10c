import { declareError } from "../../../src/core/errors.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import type { Call } from "../../../src/terminal/command.ts";
import type { Loaded } from "../../keystore/load.ts";
import { chainSigner } from "../../sign/chains.ts";
import type { OpenSigner } from "../open-identity.ts";
import { openWallets } from "../open-seeds.ts";

export const WALLET_KEY_ELSEWHERE = declareError(
  "WALLET_KEY_ELSEWHERE",
  "denied",
  "A policy says that this signer has one key of a wallet, and it holds none or several; or the other way round.",
);

/**
 * This signer holds one key of each wallet that names it, and none of any other: a wallet registered with a stranger's
 * key in the place of ours (attack B5) pays nobody whom we know, and two keys of a quorum on one machine are no quorum.
 * @throws WALLET_KEY_ELSEWHERE, PASSPHRASE_WRONG
 */
export async function assertHoldsKeys(
  call: Call,
  { body }: PolicyDocument,
  { home, signer }: Loaded,
  open: OpenSigner,
): Promise<void> {
  const ring = await openWallets(call, home, open);
  try {
    for (const wallet of body.wallets) {
      const held = chainSigner(wallet.chain).countKeys(wallet, home.network, ring);
      const named = wallet.signers.includes(signer.name) ? 1 : 0;
      if (held === named) continue;
      throw WALLET_KEY_ELSEWHERE(
        named === 0
          ? `wallet ${wallet.name} has a key of ours, but does not name ${signer.name} as its signer`
          : held === 0
            ? `wallet ${wallet.name} names ${signer.name} as its signer, but no seed here holds its key`
            : `wallet ${wallet.name} has ${held} keys that are all on this machine, which then is no quorum`,
        {
          field: `wallets.${wallet.name}`,
          hint: "custody-signer keys list, then draft the policy with this signer's card",
        },
      );
    }
  } finally {
    ring.wipe();
  }
}
