/**
 * A Safe as the policy pins it, in a form of our own beside `eoa(…)`:
 * `safe(1.4.1,0xSAFE,0xSINGLETON,0xMULTISENDCALLONLY,2,[fingerprint/44h/60h/0h/0/0]02…,…)#checksum`. Version, address, the code
 * that it runs, the one contract that it may call as a delegate, threshold, and every owner's key with its origin.
 */
import { networkOf, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { descriptorChecksum } from "../descriptor-checksum.ts";
import { parseAccountDescriptor, type AccountDescriptor } from "./account-descriptor.ts";
import { parseAddress, type Address } from "./address.ts";
import { SAFE_DEPLOYMENTS, SAFE_VERSIONS } from "./deployments.ts";
import type { PinnedSafe } from "./safe.ts";
import { chainIdOf } from "./transaction.ts";

export type SafeDescriptor = PinnedSafe & {
  readonly text: string;
  readonly singleton: Address;
  /** Owners' keys, ascending by their addresses, as `owners` has these. */
  readonly keys: readonly AccountDescriptor[];
};

export const SAFE_DESCRIPTOR_MALFORMED = declareError(
  "SAFE_DESCRIPTOR_MALFORMED",
  "invalid",
  "A Safe's descriptor cannot be read.",
);
export const SAFE_DESCRIPTOR_CHECKSUM = declareError(
  "SAFE_DESCRIPTOR_CHECKSUM",
  "invalid",
  "The checksum of a Safe's descriptor is missing or wrong (BIP-380).",
);
export const SAFE_DEPLOYMENT_UNKNOWN = declareError(
  "SAFE_DEPLOYMENT_UNKNOWN",
  "denied",
  "A Safe's descriptor names contracts that the Safe project has not published for its version.",
);

const OWNERS_MAX = 15;
const TEXT =
  /^safe\(([0-9.]+),(0x[0-9a-fA-F]{40}),(0x[0-9a-fA-F]{40}),(0x[0-9a-fA-F]{40}),([1-9][0-9]?)((?:,\[[0-9a-fh/]+\][0-9a-f]{66})+)\)#([a-z0-9]{8})$/;

/** Whether a wallet's descriptor is a Safe's. */
export function isSafe({ descriptor }: { readonly descriptor: string }): boolean {
  return descriptor.startsWith("safe(");
}

/** @throws SAFE_DESCRIPTOR_MALFORMED, SAFE_DESCRIPTOR_CHECKSUM, SAFE_DEPLOYMENT_UNKNOWN, EVM_DESCRIPTOR_PATH, EVM_ADDRESS_… */
export function parseSafeDescriptor(text: string, chain: ChainId, field = "descriptor"): SafeDescriptor {
  const [, number, own, code, batcher, most, listed, checksum] = TEXT.exec(text) ?? [];
  const version = SAFE_VERSIONS.find((known) => known === number);
  if (version === undefined || listed === undefined) throw malformed(field, "is not of a Safe's form");
  const computed = descriptorChecksum(text.slice(0, text.lastIndexOf("#"))) ?? "";
  if (computed !== checksum) {
    throw SAFE_DESCRIPTOR_CHECKSUM(`${field} ends with #${checksum}, and what it says has #${computed}`, {
      field,
      hint: `a letter is wrong; if each is meant, as after a change of owners, end it with #${computed}`,
    });
  }
  const at = (address: string | undefined) => parseAddress(address ?? "", field);
  const keys = listed
    .slice(1)
    .split(/,(?=\[)/)
    .map((key) => ownerKey(key, chain, field));
  const safe = {
    text,
    chainId: chainIdOf(chain),
    version,
    address: at(own),
    singleton: at(code),
    multiSendCallOnly: at(batcher),
    threshold: Number(most),
    keys,
    owners: keys.map(({ address }) => address),
  };
  assertShape(safe, field);
  assertPublished(safe, chain, field);
  return safe;
}

/** The descriptor of a Safe; owners in any order. @throws as `parseSafeDescriptor` */
export function writeSafeDescriptor(
  safe: Pick<SafeDescriptor, "version" | "address" | "singleton" | "multiSendCallOnly" | "threshold">,
  accounts: readonly string[],
  chain: ChainId,
): SafeDescriptor {
  const keys = accounts
    .map((account) => parseAccountDescriptor(account, chain, "owner"))
    .sort((a, b) => (order(a.address) < order(b.address) ? -1 : 1));
  const { version, address, singleton, multiSendCallOnly, threshold } = safe;
  const body = `safe(${[version, address, singleton, multiSendCallOnly, threshold, ...keys.map(keyText)].join(",")})`;
  return parseSafeDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, chain);
}

/** `[fingerprint/path]key` of an account's descriptor. */
const keyText = ({ text }: AccountDescriptor): string => text.slice("eoa(".length, text.lastIndexOf(")"));

// An owner is an account: its key lies where an account's does.
function ownerKey(text: string, chain: ChainId, field: string): AccountDescriptor {
  const body = `eoa(${text})`;
  return parseAccountDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, chain, field);
}

const order = (address: Address) => address.toLowerCase();

function assertShape({ owners, threshold, address }: SafeDescriptor, field: string): void {
  if (owners.length > OWNERS_MAX || threshold > owners.length)
    throw malformed(field, `asks for ${threshold} of ${owners.length} owners`);
  if (owners.includes(address)) throw malformed(field, "has itself as an owner");
  owners.forEach((owner, place) => {
    const before = owners[place - 1];
    if (before !== undefined && order(before) >= order(owner))
      throw malformed(field, "has its owners not in ascending order, each once");
  });
}

// What stands at any other address may be anything; a local chain has what its people have put there.
function assertPublished(safe: SafeDescriptor, chain: ChainId, field: string): void {
  if (networkOf(chain) === "regtest") return;
  const { version, singleton, multiSendCallOnly } = safe;
  const known = SAFE_DEPLOYMENTS.some(
    (one) =>
      one.version === version &&
      (one.singleton === singleton || one.singletonL2 === singleton) &&
      one.multiSendCallOnly === multiSendCallOnly,
  );
  if (known) return;
  throw SAFE_DEPLOYMENT_UNKNOWN(`${field} names contracts that are not those of Safe ${version}`, {
    field,
    hint: "compare the addresses with the safe-deployments repository",
  });
}

function malformed(field: string, why: string) {
  return SAFE_DESCRIPTOR_MALFORMED(`${field} ${why}`, {
    field,
    hint: "safe(VERSION,SAFE,SINGLETON,MULTISENDCALLONLY,THRESHOLD,[FINGERPRINT/PATH]KEY,…)#CHECKSUM",
  });
}
