/**
 * A seed's account on EVM chains as wallets that watch import it: `keys export --as crypto-hdkey` (BCR-2020-007, as ERC-4527
 * has it): the extended key of `m/44h/60h/0h`, for its children `0/*`. Ours is `0/0`; the others are nobody's wallet here.
 */
import type { HdKey } from "../../../src/airgap/registry/hd-key.ts";
import { describeAccount } from "../../../src/chains/evm/account-descriptor.ts";
import { formatKeyPath } from "../../../src/chains/key-path.ts";
import { namedEvmChains, type ChainId, type Network } from "../../../src/core/chain.ts";
import { assert } from "../../../src/core/errors.ts";
import { optionalFlag, type Call, type Outcome } from "../../../src/terminal/command.ts";
import { grouped } from "../../../src/terminal/table.ts";
import { deliverExport } from "../../../src/terminal/wallet-export.ts";
import { loadSeeds, type Loaded } from "../../keystore/load.ts";
import { accountPart, extendedPart, formOf, openSeed } from "../../keystore/seed-file.ts";
import type { ExtendedKey } from "../../keystore/seed.ts";
import { openSigner, type OpenSigner } from "../open-identity.ts";
import { askSeedPassphrases, wipePassphrases } from "../open-seeds.ts";
import { oneOfMasters } from "./masters.ts";

type Shown = { readonly extended: ExtendedKey; readonly first: string };

/** @throws USAGE where the signer has several seeds and none is named; as `deliverExport` */
export async function exportAccountKey(call: Call, loaded: Loaded): Promise<Outcome> {
  const open = await openSigner(call, loaded.signer);
  let keys: readonly Shown[];
  try {
    keys = await readKeys(call, loaded, open);
  } finally {
    open.wipe();
  }
  const named = keys.map((shown) => ({ ...shown, fingerprint: shown.extended.fingerprint }));
  const { extended, first } = oneOfMasters(named, optionalFlag(call.flags, "fingerprint"));
  return deliverExport(call, `Account of ${extended.fingerprint}`, { type: "key", key: hdKeyOf(extended) }, [
    ["key", `${extended.fingerprint} ${formatKeyPath(extended.path)}`],
    ["first address", grouped(first)],
  ]);
}

async function readKeys(call: Call, { home }: Loaded, open: OpenSigner): Promise<readonly Shown[]> {
  const seeds = loadSeeds(home);
  const passphrases = await askSeedPassphrases(call, seeds, open);
  try {
    return seeds.map((seed) => {
      const own = passphrases.get(seed.name);
      const secret = openSeed(seed, open.passphrase, own);
      const form = formOf(seed, own);
      try {
        const first = describeAccount(accountPart(secret, seed.network, form), chainOn(seed.network)).address;
        return { extended: extendedPart(secret, seed.network, form), first };
      } finally {
        secret.fill(0);
      }
    });
  } finally {
    wipePassphrases(passphrases);
  }
}

// The key is the same account on each of them.
function chainOn(network: Network): ChainId {
  const [chain] = namedEvmChains(network);
  assert(chain !== undefined, "each network has an EVM chain that is named");
  return chain;
}

function hdKeyOf({ publicKey, chainCode, fingerprint, path, parentFingerprint }: ExtendedKey): HdKey {
  return {
    publicKey,
    chainCode,
    coin: 60,
    // Its number of a test network is another one of each coin (BCR-2020-007); no field says the chain.
    testnet: false,
    origin: { path, fingerprint, depth: path.length },
    branches: "receive",
    parentFingerprint: parentFingerprint.toString(16).padStart(8, "0"),
  };
}
