import * as ecc from "tiny-secp256k1";
import { fromBase58Check, fromBech32, toBase58Check, toBech32 } from "bitcoinjs-lib/src/address";
import { accountId, splitAccount, type AccountId } from "../../core/account.ts";
import { BITCOIN_CHAINS, NETWORKS, type Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { BITCOIN_NETWORKS } from "./network.ts";
import { classifyScript, scriptOf, type ScriptKind } from "./script.ts";

/** An address that was parsed for one network, with the output script that it stands for. */
export type Address = {
  /** Canonical text: segwit addresses in lower case. */
  readonly address: string;
  readonly account: AccountId;
  readonly script: Uint8Array;
  readonly kind: ScriptKind;
};

export const ADDRESS_MALFORMED = declareError(
  "ADDRESS_MALFORMED",
  "invalid",
  "Text is not a bitcoin address at all.",
);
export const ADDRESS_CHECKSUM = declareError(
  "ADDRESS_CHECKSUM",
  "invalid",
  "A bitcoin address has a wrong checksum: a character was mistyped or lost.",
);
export const ADDRESS_NETWORK = declareError(
  "ADDRESS_NETWORK",
  "invalid",
  "A bitcoin address belongs to another network.",
);
export const ADDRESS_KIND = declareError(
  "ADDRESS_KIND",
  "invalid",
  "A bitcoin address is of a kind this version does not pay: a future witness version, an unknown program length, or a taproot key that is no point of the curve.",
);

const BECH32_DATA = /^[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{7,87}$/;
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{25,36}$/;

/**
 * Parses an address as a person types it: P2PKH, P2SH, and witness versions 0 (BIP-173) and 1 (BIP-350).
 * @throws ADDRESS_MALFORMED, ADDRESS_CHECKSUM, ADDRESS_NETWORK, ADDRESS_KIND
 */
export function parseAddress(text: string, network: Network, field = "address"): Address {
  const separator = text.lastIndexOf("1");
  const hrp = text.slice(0, Math.max(separator, 0)).toLowerCase();
  if (NETWORKS.some((name) => BITCOIN_NETWORKS[name].hrp === hrp))
    return parseSegwit(text, hrp, network, field);
  if (BASE58.test(text)) return parseBase58(text, network, field);
  throw ADDRESS_MALFORMED(`${field} ${quoted(text)} is not a bitcoin address`, {
    field,
    hint: `give an address of ${network}, for example ${BITCOIN_NETWORKS[network].hrp}1…`,
  });
}

/** The address of an output script, or undefined when it has none. */
export function addressOfScript(script: Uint8Array, network: Network): Address | undefined {
  const known = classifyScript(script);
  if (known === undefined) return undefined;
  const { kind, payload } = known;
  const { hrp, pubKeyHash, scriptHash } = BITCOIN_NETWORKS[network];
  const text =
    kind === "p2pkh"
      ? toBase58Check(payload, pubKeyHash)
      : kind === "p2sh"
        ? toBase58Check(payload, scriptHash)
        : toBech32(payload, kind === "p2tr" ? 1 : 0, hrp);
  return { address: text, account: accountId(BITCOIN_CHAINS[network], text), script, kind };
}

/** The address inside a bitcoin account id of `network`. @throws as `parseAddress`, and ADDRESS_NETWORK for another chain */
export function addressOfAccount(account: AccountId, network: Network, field = "account"): Address {
  const { chain, address } = splitAccount(account);
  if (chain !== BITCOIN_CHAINS[network]) {
    throw ADDRESS_NETWORK(`${field} ${account} is not an account on bitcoin ${network}`, { field });
  }
  return parseAddress(address, network, field);
}

/**
 * The first of `known` that a hurried reader would take for `address`: the first four and last four characters of the
 * data part agree, and the rest does not. Failure F22: 1,155 WBTC went to an address chosen to look like a known one.
 */
export function lookAlike(address: string, known: Iterable<string>): string | undefined {
  const own = dataPart(address);
  for (const other of known) {
    if (other === address) continue;
    const theirs = dataPart(other);
    if (own.slice(0, 4) === theirs.slice(0, 4) && own.slice(-4) === theirs.slice(-4)) return other;
  }
  return undefined;
}

function parseSegwit(text: string, hrp: string, network: Network, field: string): Address {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) {
    throw ADDRESS_MALFORMED(`${field} ${quoted(text)} mixes upper and lower case, which BIP-173 forbids`, {
      field,
      hint: "copy the address again: mixed case means that somebody retyped or changed it",
    });
  }
  if (text.length > 90 || !BECH32_DATA.test(lower.slice(hrp.length + 1))) {
    throw ADDRESS_MALFORMED(
      `${field} ${quoted(text)} holds characters or a length that no segwit address has`,
      { field },
    );
  }
  // Checksum first: a mistyped address must not be reported as one of another network or kind.
  const { version, data } = decoded(() => fromBech32(lower), text, field);
  assertNetwork(
    NETWORKS.filter((name) => BITCOIN_NETWORKS[name].hrp === hrp),
    text,
    network,
    field,
  );
  const kind =
    version === 0 && data.length === 20
      ? "p2wpkh"
      : version === 0 && data.length === 32
        ? "p2wsh"
        : version === 1 && data.length === 32 && ecc.isXOnlyPoint(data)
          ? "p2tr"
          : undefined;
  if (kind === undefined) {
    throw ADDRESS_KIND(
      `${field} ${quoted(text)} is witness version ${version} with ${data.length} bytes that nobody can promise to spend`,
      {
        field,
        hint: "ask the payee for a P2WPKH, P2WSH or P2TR address",
      },
    );
  }
  return {
    address: lower,
    account: accountId(BITCOIN_CHAINS[network], lower),
    script: scriptOf(kind, data),
    kind,
  };
}

function parseBase58(text: string, network: Network, field: string): Address {
  const { version, hash } = decoded(() => fromBase58Check(text), text, field);
  const kindOn = (name: Network): ScriptKind | undefined =>
    version === BITCOIN_NETWORKS[name].pubKeyHash
      ? "p2pkh"
      : version === BITCOIN_NETWORKS[name].scriptHash
        ? "p2sh"
        : undefined;
  const homes = NETWORKS.filter((name) => kindOn(name) !== undefined);
  if (homes.length === 0) {
    throw ADDRESS_KIND(`${field} ${quoted(text)} has version byte ${version}, which is no bitcoin address`, {
      field,
      hint: "check that this is an address and not a key, and that it is bitcoin's",
    });
  }
  assertNetwork(homes, text, network, field);
  const kind = kindOn(network) as ScriptKind;
  return {
    address: text,
    account: accountId(BITCOIN_CHAINS[network], text),
    script: scriptOf(kind, hash),
    kind,
  };
}

function decoded<T>(decode: () => T, text: string, field: string): T {
  try {
    return decode();
  } catch (cause) {
    throw ADDRESS_CHECKSUM(`${field} ${quoted(text)} has a wrong checksum`, {
      field,
      hint: "copy the address again; do not correct it by hand",
      cause,
    });
  }
}

// Attack B19: a coin must not cross from one network's rules to another's.
function assertNetwork(homes: readonly Network[], text: string, network: Network, field: string): void {
  if (homes.includes(network)) return;
  throw ADDRESS_NETWORK(`${field} ${quoted(text)} belongs to ${homes.join(" and ")}, this is ${network}`, {
    field,
    hint: `ask the payee for an address of ${network}`,
    details: { belongsTo: homes.join(",") },
  });
}

// Bech32 data follows the last "1"; base58 has no separator that people skip.
function dataPart(address: string): string {
  const segwit = /^(?:bc|tb|bcrt)1(.+)$/.exec(address.toLowerCase());
  return segwit === null ? address : (segwit[1] as string);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
