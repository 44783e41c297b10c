/**
 * Changes of who commands a Safe, which people ask for by an intent of their own: owners and threshold, and code that is taken
 * away from it. Nothing is signed that gives code a power: modules and guards act past the owners. A change is the words
 * that people approve; the bytes are made from them, and read back into them.
 */
import { declareError } from "../../core/errors.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import { quoted } from "../../core/text.ts";
import { calls, decodeCall, encodeCall, type AbiFunction } from "./abi.ts";
import { addressOf, parseAddress, type Address } from "./address.ts";
import { ZERO_ADDRESS } from "./erc20.ts";
import { assertNoRefund, makeSafeTx, type PinnedSafe, type SafeTx } from "./safe.ts";

export type SafeChange =
  | { readonly change: "addOwner"; readonly owner: Address; readonly threshold: number }
  | { readonly change: "removeOwner"; readonly owner: Address; readonly threshold: number }
  | { readonly change: "replaceOwner"; readonly owner: Address; readonly replacement: Address }
  | { readonly change: "threshold"; readonly threshold: number }
  | { readonly change: "disableModule"; readonly code: Address }
  | { readonly change: "removeGuard" }
  | { readonly change: "removeFallbackHandler" };

/** The lists that a Safe keeps, in its own order, which its calls have to name. */
export type SafeLists = { readonly owners: readonly string[]; readonly modules: readonly string[] };

export const SAFE_CHANGE_MALFORMED = declareError(
  "SAFE_CHANGE_MALFORMED",
  "usage",
  "Words for a change of a Safe's owners or threshold are none that can be read.",
);
export const SAFE_CHANGE_INVALID = declareError(
  "SAFE_CHANGE_INVALID",
  "denied",
  "A change of who commands a Safe does not fit the pinned Safe, or is none that is ever signed.",
);

/** The head of the lists in which a Safe keeps owners and modules. */
export const SENTINEL = addressOf(Uint8Array.of(...new Uint8Array(19), 1));

const ADD_OWNER = {
  name: "addOwnerWithThreshold",
  inputs: [
    ["owner", "address"],
    ["threshold", "uint256"],
  ],
} as const satisfies AbiFunction;
const REMOVE_OWNER = {
  name: "removeOwner",
  inputs: [
    ["previous", "address"],
    ["owner", "address"],
    ["threshold", "uint256"],
  ],
} as const satisfies AbiFunction;
const SWAP_OWNER = {
  name: "swapOwner",
  inputs: [
    ["previous", "address"],
    ["owner", "address"],
    ["replacement", "address"],
  ],
} as const satisfies AbiFunction;
const CHANGE_THRESHOLD = {
  name: "changeThreshold",
  inputs: [["threshold", "uint256"]],
} as const satisfies AbiFunction;
const DISABLE_MODULE = {
  name: "disableModule",
  inputs: [
    ["previous", "address"],
    ["code", "address"],
  ],
} as const satisfies AbiFunction;
const SET_GUARD = { name: "setGuard", inputs: [["guard", "address"]] } as const satisfies AbiFunction;
const SET_HANDLER = {
  name: "setFallbackHandler",
  inputs: [["handler", "address"]],
} as const satisfies AbiFunction;

export const CHANGE_CALLS: readonly AbiFunction[] = [
  ADD_OWNER,
  REMOVE_OWNER,
  SWAP_OWNER,
  CHANGE_THRESHOLD,
  DISABLE_MODULE,
  SET_GUARD,
  SET_HANDLER,
];

const WORDS =
  "add owner 0x…, threshold N | remove owner 0x…, threshold N | replace owner 0x… by 0x… | threshold N | disable module 0x… | remove guard | remove fallback handler";
const ADDRESS = "(0x[0-9a-fA-F]{40})";
const NUMBER = "([1-9][0-9]?)";
const READERS: readonly (readonly [RegExp, (...parts: readonly string[]) => SafeChange])[] = [
  [
    words(`add owner ${ADDRESS}, threshold ${NUMBER}`),
    (owner, most) => ({ change: "addOwner", owner: at(owner), threshold: Number(most) }),
  ],
  [
    words(`remove owner ${ADDRESS}, threshold ${NUMBER}`),
    (owner, most) => ({ change: "removeOwner", owner: at(owner), threshold: Number(most) }),
  ],
  [
    words(`replace owner ${ADDRESS} by ${ADDRESS}`),
    (owner, by) => ({ change: "replaceOwner", owner: at(owner), replacement: at(by) }),
  ],
  [words(`threshold ${NUMBER}`), (most) => ({ change: "threshold", threshold: Number(most) })],
  [words(`disable module ${ADDRESS}`), (code) => ({ change: "disableModule", code: at(code) })],
  [words("remove guard"), () => ({ change: "removeGuard" })],
  [words("remove fallback handler"), () => ({ change: "removeFallbackHandler" })],
];

function words(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

const at = (address = ""): Address => parseAddress(address, "change");

/** One spelling for each change: addresses by EIP-55. @throws SAFE_CHANGE_MALFORMED, EVM_ADDRESS_… */
export function parseChange(text: string, field = "change"): SafeChange {
  for (const [pattern, read] of READERS) {
    const [whole, ...parts] = pattern.exec(text) ?? [];
    const change = whole === undefined ? undefined : read(...parts);
    if (change !== undefined && changeText(change) === text) return change;
  }
  throw SAFE_CHANGE_MALFORMED(`${field} ${quoted(text)} is no change of a Safe`, {
    field,
    hint: `one of: ${WORDS}`,
  });
}

/** The words that people approve. */
export function changeText(change: SafeChange): string {
  switch (change.change) {
    case "addOwner":
      return `add owner ${change.owner}, threshold ${change.threshold}`;
    case "removeOwner":
      return `remove owner ${change.owner}, threshold ${change.threshold}`;
    case "replaceOwner":
      return `replace owner ${change.owner} by ${change.replacement}`;
    case "threshold":
      return `threshold ${change.threshold}`;
    case "disableModule":
      return `disable module ${change.code}`;
    case "removeGuard":
      return "remove guard";
    case "removeFallbackHandler":
      return "remove fallback handler";
  }
}

/** The Safe calling itself to make the change. @throws SAFE_CHANGE_INVALID */
export function changeSafeTx(change: SafeChange, safe: PinnedSafe, lists: SafeLists, nonce: bigint): SafeTx {
  assertFits(change, safe, "change");
  const data = encodeChange(change, lists);
  return makeSafeTx({ to: safe.address, value: 0n, data, operation: 0, nonce });
}

function encodeChange(change: SafeChange, { owners, modules }: SafeLists): Uint8Array {
  switch (change.change) {
    case "addOwner":
      return encodeCall(ADD_OWNER, { owner: change.owner, threshold: BigInt(change.threshold) });
    case "removeOwner": {
      const { owner, threshold } = change;
      const previous = before(owner, owners, "change.owner");
      return encodeCall(REMOVE_OWNER, { previous, owner, threshold: BigInt(threshold) });
    }
    case "replaceOwner": {
      const { owner, replacement } = change;
      return encodeCall(SWAP_OWNER, { previous: before(owner, owners, "change.owner"), owner, replacement });
    }
    case "threshold":
      return encodeCall(CHANGE_THRESHOLD, { threshold: BigInt(change.threshold) });
    case "disableModule": {
      const { code } = change;
      return encodeCall(DISABLE_MODULE, { previous: before(code, modules, "change.code"), code });
    }
    case "removeGuard":
      return encodeCall(SET_GUARD, { guard: ZERO_ADDRESS });
    case "removeFallbackHandler":
      return encodeCall(SET_HANDLER, { handler: ZERO_ADDRESS });
  }
}

function before(member: Address, list: readonly string[], field: string): Address {
  const place = list.indexOf(member);
  if (place < 0) throw invalid(field, `${member} is not in the Safe's list on the chain`);
  return place === 0 ? SENTINEL : parseAddress(list[place - 1] ?? "", field);
}

/** Whether a transaction is the Safe calling itself by one of the functions that make these changes. */
export function isChange({ to, operation, data }: SafeTx, { address }: PinnedSafe): boolean {
  return to === address && operation === 0 && CHANGE_CALLS.some((call) => calls(data, call));
}

/**
 * The one change that a transaction of the Safe makes to itself. Whether `previous` stands before the owner in the
 * contract's list only the chain knows; the contract refuses it otherwise.
 * @throws SAFE_CHANGE_INVALID, SAFE_REFUND, EVM_CALLDATA_MALFORMED
 */
export function decodeChange(tx: SafeTx, safe: PinnedSafe, field = "safeTx"): SafeChange {
  assertNoRefund(tx, field);
  if (!isChange(tx, safe) || tx.value !== 0n)
    throw invalid(field, "is no plain call of the Safe to itself, or calls what is never signed");
  const change = readChange(tx.data, (owner) => safe.owners.includes(owner), `${field}.data`);
  assertFits(change, safe, `${field}.data`);
  return change;
}

/**
 * What a Safe is told of who commands it, in the words of an intent, without the wallet: whether it fits the Safe nobody says.
 * Undefined of a call that makes no such change. @throws SAFE_CHANGE_INVALID, EVM_CALLDATA_MALFORMED
 */
export function changeSaid({ operation, data }: SafeTx): string | undefined {
  if (operation !== 0 || !CHANGE_CALLS.some((call) => calls(data, call))) return undefined;
  return changeText(readChange(data, () => true, "data"));
}

function readChange(data: Uint8Array, isOwner: (address: Address) => boolean, field: string): SafeChange {
  const small = (threshold: bigint) => Number(threshold > 256n ? 256n : threshold);
  const assertBefore = (previous: Address, owner: Address) => {
    if (previous !== owner && (previous === SENTINEL || isOwner(previous))) return;
    throw invalid(`${field}.previous`, `${previous} cannot stand before the owner in the Safe's list`);
  };
  const nothing = (address: Address, name: string) => {
    if (address === ZERO_ADDRESS) return;
    throw invalid(
      `${field}.${name}`,
      `is ${address}: no code is given a power over a Safe, only taken from it`,
    );
  };
  if (calls(data, ADD_OWNER)) {
    const { owner, threshold } = decodeCall(ADD_OWNER, data, field);
    return { change: "addOwner", owner, threshold: small(threshold) };
  }
  if (calls(data, REMOVE_OWNER)) {
    const { previous, owner, threshold } = decodeCall(REMOVE_OWNER, data, field);
    assertBefore(previous, owner);
    return { change: "removeOwner", owner, threshold: small(threshold) };
  }
  if (calls(data, SWAP_OWNER)) {
    const { previous, owner, replacement } = decodeCall(SWAP_OWNER, data, field);
    assertBefore(previous, owner);
    return { change: "replaceOwner", owner, replacement };
  }
  if (calls(data, CHANGE_THRESHOLD))
    return { change: "threshold", threshold: small(decodeCall(CHANGE_THRESHOLD, data, field).threshold) };
  if (calls(data, DISABLE_MODULE))
    return { change: "disableModule", code: decodeCall(DISABLE_MODULE, data, field).code };
  if (calls(data, SET_GUARD)) {
    nothing(decodeCall(SET_GUARD, data, field).guard, "guard");
    return { change: "removeGuard" };
  }
  nothing(decodeCall(SET_HANDLER, data, field).handler, "handler");
  return { change: "removeFallbackHandler" };
}

function assertFits(change: SafeChange, safe: PinnedSafe, field: string): void {
  const { owners } = safe;
  if (change.change === "addOwner") assertNewOwner(change.owner, safe, `${field}.owner`);
  if (change.change === "removeOwner" || change.change === "replaceOwner") {
    if (!owners.includes(change.owner))
      throw invalid(`${field}.owner`, `${change.owner} does not own the Safe`);
  }
  if (change.change === "replaceOwner") assertNewOwner(change.replacement, safe, `${field}.replacement`);
  if (!("threshold" in change)) return;
  const count = owners.length + { addOwner: 1, removeOwner: -1, threshold: 0 }[change.change];
  if (change.threshold >= 1 && change.threshold <= count) return;
  throw invalid(`${field}.threshold`, `is not one of 1 to ${count}, as many as own the Safe then`);
}

/**
 * That owners who are not ours cannot command the Safe without us afterwards: they ask no journal (ADR 9). Whose key a new owner is
 * nobody can tell from its address; that is for those who approve the words.
 * @throws SAFE_CHANGE_INVALID
 */
export function assertNeedsUs(
  change: SafeChange,
  { foreign }: Pick<PolicyWallet, "foreign">,
  field: string,
): void {
  if (!("threshold" in change) || change.threshold > foreign) return;
  throw invalid(
    `${field}.threshold`,
    `is ${change.threshold}, which owners who are not ours (${foreign} by the policy) reach without us`,
  );
}

function assertNewOwner(owner: Address, { owners, address }: PinnedSafe, field: string): void {
  if (owners.includes(owner)) throw invalid(field, `${owner} owns the Safe already`);
  if (owner === ZERO_ADDRESS || owner === SENTINEL || owner === address)
    throw invalid(field, `${owner} can own no Safe`);
}

function invalid(field: string, why: string) {
  return SAFE_CHANGE_INVALID(`${field} ${why}`, {
    field,
    hint: "do not sign: have the change made again for the Safe as it is",
  });
}
