/** An account's or a Safe's address, proven from the pinned policy: it has one, on the chain that the policy names. */
import { parseAddress } from "../../../src/chains/evm/address.ts";
import { lookAlike } from "../../../src/chains/evm/look-alike.ts";
import { addressAsked } from "../../../src/chains/evm/payment-uri.ts";
import { isSafe } from "../../../src/chains/evm/safe-descriptor.ts";
import { placeOfWallet, walletAccount, walletSafe } from "../../../src/chains/evm/wallet.ts";
import { formatKeyPath } from "../../../src/chains/key-path.ts";
import { isEvmChain } from "../../../src/core/chain.ts";
import { parseName } from "../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../src/core/policy/policy.ts";
import { optionalFlag, switchedOn, type Call } from "../../../src/terminal/command.ts";
import { USAGE } from "../../../src/terminal/program.ts";
import type { Loaded } from "../../keystore/load.ts";
import { pinnedPolicyOf, WALLET_NOT_PINNED } from "../pinned-wallet.ts";
import { ADDRESS_NOT_OURS } from "./place.ts";

export type ProvenAccount = {
  readonly address: string;
  readonly wallet: PolicyWallet;
  readonly kind: "account" | "Safe";
  readonly keys: readonly { readonly fingerprint: string; readonly path: string }[];
};

/** @throws EVM_URI_UNREAD, EVM_ADDRESS_…, WALLET_NOT_PINNED, ADDRESS_NOT_OURS, USAGE */
export function proveAccount({ flags }: Call, loaded: Loaded, text: string): ProvenAccount {
  for (const flag of ["index", "within"])
    if (optionalFlag(flags, flag) !== undefined) throw oneAddress(`--${flag}`);
  if (switchedOn(flags, "change")) throw oneAddress("--change");
  const asked = addressAsked(text);
  const address = parseAddress(asked.address);
  const wallets = accountsPinned(loaded, optionalFlag(flags, "wallet"));
  const here = wallets.filter(({ chain }) => asked.chain === undefined || chain === `eip155:${asked.chain}`);
  const wallet = here.find((one) => placeOfWallet(one).address === address);
  if (wallet === undefined) throw notOurs(address, wallets, asked.chain);
  const keys = isSafe(wallet) ? walletSafe({ wallet }).keys : [walletAccount({ wallet })];
  return {
    address,
    wallet,
    kind: isSafe(wallet) ? "Safe" : "account",
    keys: keys.map(({ key: { fingerprint, path } }) => ({ fingerprint, path: formatKeyPath(path) })),
  };
}

function accountsPinned(loaded: Loaded, name: string | undefined): readonly PolicyWallet[] {
  const wanted = name === undefined ? undefined : parseName(name, "--wallet");
  const own = pinnedPolicyOf(loaded).body.wallets.filter(({ chain }) => isEvmChain(chain));
  const found = own.filter((wallet) => wanted === undefined || wallet.name === wanted);
  if (found.length > 0) return found;
  throw WALLET_NOT_PINNED(
    `the pinned policy has no account${wanted === undefined ? "" : ` called ${wanted}`}`,
    {
      field: "--wallet",
      hint:
        own.length === 0
          ? "custody-signer policy show"
          : `its accounts: ${own.map((wallet) => wallet.name).join(", ")}`,
    },
  );
}

function notOurs(address: string, wallets: readonly PolicyWallet[], chain: string | undefined) {
  const at = wallets.map((wallet) => ({ wallet, place: placeOfWallet(wallet).address }));
  const elsewhere = at.find(({ place }) => place === address);
  const like = at.find(({ place }) => lookAlike(address, [place]) !== undefined);
  const what =
    elsewhere !== undefined
      ? `is wallet ${elsewhere.wallet.name} on ${elsewhere.wallet.chain}, not on eip155:${chain ?? ""}`
      : like === undefined
        ? `is none of: ${at.map(({ wallet, place }) => `${wallet.name} ${place}`).join(", ")}`
        : `is not ours: it only looks like wallet ${like.wallet.name}, which is ${like.place}`;
  return ADDRESS_NOT_OURS(`${address} ${what}`, {
    field: "address",
    hint: "give this address to nobody, and find out where it came from",
  });
}

function oneAddress(field: string) {
  return USAGE("an account has one address", { field, hint: `leave ${field} out` });
}
