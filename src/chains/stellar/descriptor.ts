/**
 * An account as the policy pins it, in a form of our own beside `eoa(…)` and `safe(…)`:
 * `stellar(G…,1:2:2,[fingerprint/44h/148h/0h]G…:1,…)#checksum`. The account, its low, medium and high thresholds, and each key that
 * signs for it, with its origin and weight. A key whose text is the account's own is its master key.
 */
import { networkOf, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { descriptorChecksum } from "../descriptor-checksum.ts";
import { formatStep, HARDENED, parseSteps, type KeyOrigin } from "../key-path.ts";
import { keyOfAddress, parseAddress, type Address } from "./address.ts";

/** What an operation asks of the signatures' weight: payments ask for medium, control of the account for high. */
export type Level = "low" | "medium" | "high";

export type AccountKey = KeyOrigin & {
  readonly address: Address;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  readonly weight: number;
};

export type StellarDescriptor = {
  /** Canonical: keys ascending by their text, with checksum. */
  readonly text: string;
  readonly address: Address;
  readonly thresholds: Readonly<Record<Level, number>>;
  readonly keys: readonly AccountKey[];
};

export const DESCRIPTOR_MALFORMED = declareError(
  "STELLAR_DESCRIPTOR_MALFORMED",
  "invalid",
  "A Stellar account's descriptor cannot be read, or describes what no ledger would hold.",
);
export const DESCRIPTOR_CHECKSUM = declareError(
  "STELLAR_DESCRIPTOR_CHECKSUM",
  "invalid",
  "The checksum of a Stellar account's descriptor is missing or wrong (BIP-380).",
);
export const DESCRIPTOR_PATH = declareError(
  "STELLAR_DESCRIPTOR_PATH",
  "invalid",
  "A key of a Stellar account's descriptor does not lie where SEP-5 puts keys of its network.",
);

/** A byte of the ledger's account entry; and as many signers as one may have, with its master key. */
const WEIGHT_MAX = 255;
const KEYS_MAX = 21;

const TEXT =
  /^stellar\((G[A-Z2-7]{55}),(\d{1,3}):(\d{1,3}):(\d{1,3})((?:,\[[0-9a-fh/]+\]G[A-Z2-7]{55}:\d{1,3})+)\)#([a-z0-9]{8})$/;
const KEY = /^\[([0-9a-f]{8})\/([0-9h/]+)\](G[A-Z2-7]{55}):([1-9]\d{0,2})$/;

/** SLIP-44: 148, on test networks 1, so that a test key never signs for money (SEP-5 knows no test networks). */
const coinTypeOf = (chain: ChainId) => (networkOf(chain) === "mainnet" ? 148 : 1);

/** @throws STELLAR_DESCRIPTOR_MALFORMED, STELLAR_DESCRIPTOR_CHECKSUM, STELLAR_DESCRIPTOR_PATH, STELLAR_STRKEY_MALFORMED */
export function parseStellarDescriptor(
  text: string,
  chain: ChainId,
  field = "descriptor",
): StellarDescriptor {
  const [, account, low, medium, high, listed, checksum] = TEXT.exec(text) ?? [];
  if (account === undefined || listed === undefined) throw malformed(field, "is not of an account's form");
  const computed = descriptorChecksum(text.slice(0, text.lastIndexOf("#"))) ?? "";
  if (computed !== checksum) {
    throw DESCRIPTOR_CHECKSUM(`${field} ends with #${checksum}, and what it says has #${computed}`, {
      field,
      hint: `a letter is wrong; if each is meant, as after a change of signers, end it with #${computed}`,
    });
  }
  const keys = listed
    .slice(1)
    .split(/,(?=\[)/)
    .map((key) => keyIn(key, chain, field));
  const thresholds = { low: Number(low), medium: Number(medium), high: Number(high) };
  const descriptor = { text, address: parseAddress(account, field), thresholds, keys };
  assertShape(descriptor, field);
  return descriptor;
}

/** The descriptor of an account; keys in any order. @throws as `parseStellarDescriptor` */
export function writeStellarDescriptor(
  { address, thresholds, keys }: Omit<StellarDescriptor, "text">,
  chain: ChainId,
): StellarDescriptor {
  const { low, medium, high } = thresholds;
  const listed = [...keys].sort((a, b) => (a.address < b.address ? -1 : 1)).map(keyText);
  const body = `stellar(${[address, `${low}:${medium}:${high}`, ...listed].join(",")})`;
  return parseStellarDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, chain);
}

/** `[fingerprint/44h/148h/0h]G…`, with its weight behind a colon. */
function keyText({ fingerprint, path, address, weight }: AccountKey): string {
  return `[${[fingerprint, ...path.map(formatStep)].join("/")}]${address}:${weight}`;
}

/** How much weight an operation of a level asks for: no ledger takes one that nobody has signed. */
export function weightNeeded({ thresholds }: Pick<StellarDescriptor, "thresholds">, level: Level): number {
  return Math.max(1, thresholds[level]);
}

/** The fewest keys that reach a level together: what no group smaller than this can sign. */
export function keysNeeded(descriptor: Pick<StellarDescriptor, "thresholds" | "keys">, level: Level): number {
  const heaviest = descriptor.keys.map(({ weight }) => weight).sort((a, b) => b - a);
  let reached = 0;
  const place = heaviest.findIndex((weight) => (reached += weight) >= weightNeeded(descriptor, level));
  return place + 1;
}

function keyIn(text: string, chain: ChainId, field: string): AccountKey {
  const [, fingerprint, steps, account, weight] = KEY.exec(text) ?? [];
  const path = parseSteps(steps ?? "");
  if (fingerprint === undefined || account === undefined || path === undefined)
    throw malformed(field, "has a key that is not of a key's form");
  const address = parseAddress(account, field);
  assertPath(path, chain, field);
  return { fingerprint, path, address, publicKey: keyOfAddress(address), weight: Number(weight) };
}

// As attack B19: a key of one network's path must not sign for another, where the same account may stand.
function assertPath(path: readonly number[], chain: ChainId, field: string): void {
  const wanted = [44 + HARDENED, coinTypeOf(chain) + HARDENED];
  if (
    path.length === 3 &&
    wanted.every((step, place) => path[place] === step) &&
    (path[2] as number) >= HARDENED
  )
    return;
  throw DESCRIPTOR_PATH(`${field} has the path m/${path.map(formatStep).join("/")}`, {
    field,
    hint: `derive the key as SEP-5 says: m/44h/${coinTypeOf(chain)}h/0h`,
  });
}

// What the ledger would refuse to hold, or what nobody could sign for.
function assertShape(descriptor: StellarDescriptor, field: string): void {
  const { thresholds, keys } = descriptor;
  const { low, medium, high } = thresholds;
  if (low > medium || medium > high || high > WEIGHT_MAX)
    throw malformed(field, `has thresholds ${low}, ${medium} and ${high}, which do not rise to at most 255`);
  const weight = keys.reduce((sum, one) => sum + one.weight, 0);
  if (keys.length > KEYS_MAX || keys.some((key) => key.weight > WEIGHT_MAX))
    throw malformed(field, "has more keys, or heavier ones, than an account can have");
  if (weight < weightNeeded(descriptor, "high"))
    throw malformed(field, `asks for a weight of ${high}, and its keys have ${weight} together`);
  keys.forEach(({ address }, place) => {
    const before = keys[place - 1];
    if (before !== undefined && before.address >= address)
      throw malformed(field, "has its keys not in ascending order, each once");
  });
}

function malformed(field: string, why: string) {
  return DESCRIPTOR_MALFORMED(`${field} ${why}`, {
    field,
    hint: "stellar(ACCOUNT,LOW:MEDIUM:HIGH,[FINGERPRINT/44h/148h/0h]KEY:WEIGHT,…)#CHECKSUM",
  });
}
