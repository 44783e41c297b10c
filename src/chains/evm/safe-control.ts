/**
 * Calls that change who commands a Safe. A payment that holds one is refused by its name (attack E4). Four of them,
 * which change owners and threshold, can be read for an intent of their own; the others let code act past the owners,
 * and are never signed.
 */
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import {
  calls,
  decodeCall,
  encodeCall,
  SELECTOR_BYTES,
  selectorOf,
  signatureOf,
  type AbiFunction,
} from "./abi.ts";
import { addressOf, type Address } from "./address.ts";
import { ZERO_ADDRESS } from "./erc20.ts";
import type { Call } from "./multi-send.ts";
import { assertNoRefund, type PinnedSafe, type SafeTx } from "./safe.ts";

export type SafeControl =
  | { readonly control: "addOwner"; readonly owner: Address; readonly threshold: number }
  | {
      readonly control: "removeOwner";
      readonly previous: Address;
      readonly owner: Address;
      readonly threshold: number;
    }
  | {
      readonly control: "swapOwner";
      readonly previous: Address;
      readonly owner: Address;
      readonly replacement: Address;
    }
  | { readonly control: "changeThreshold"; readonly threshold: number };

export const SAFE_CONTROL_CALL = declareError(
  "SAFE_CONTROL_CALL",
  "denied",
  "A payment of a Safe calls the Safe itself, or a function that changes who commands one.",
);
export const SAFE_CONTROL_INVALID = declareError(
  "SAFE_CONTROL_INVALID",
  "denied",
  "A change of a Safe's owners or threshold does not fit the pinned Safe, or is none of the four that are signed.",
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

/** Whatever a Safe of the three versions, or of those before, does beyond calling out. */
const CONTROL_CALLS = [
  ...[ADD_OWNER, REMOVE_OWNER, SWAP_OWNER, CHANGE_THRESHOLD].map(signatureOf),
  "enableModule(address)",
  "disableModule(address,address)",
  "setGuard(address)",
  "setModuleGuard(address)",
  "setFallbackHandler(address)",
  "setup(address[],uint256,address,bytes,address,address,uint256,address)",
  "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
  "execTransactionFromModule(address,uint256,bytes,uint8)",
  "execTransactionFromModuleReturnData(address,uint256,bytes,uint8)",
  "approveHash(bytes32)",
  "simulateAndRevert(address,bytes)",
  "changeMasterCopy(address)",
  "signMessage(bytes)",
  "multiSend(bytes)",
  "migrateSingleton()",
  "migrateWithFallbackHandler()",
  "migrateL2Singleton()",
  "migrateL2WithFallbackHandler()",
  "setupToL2(address)",
  "enableModules(address[])",
] as const;

let controls: ReadonlyMap<string, string> | undefined;

/** The signature of the control function that `data` calls, wherever it is sent; undefined of every other call. */
export function controlCall(data: Uint8Array): string | undefined {
  controls ??= new Map(CONTROL_CALLS.map((signature) => [toHex(selectorOf(signature)), signature]));
  return controls.get(toHex(data.subarray(0, SELECTOR_BYTES)));
}

/** @throws SAFE_CONTROL_CALL */
export function assertNoControl({ to, data }: Call, { address }: PinnedSafe, field: string): void {
  const signature = controlCall(data);
  if (signature === undefined && to !== address) return;
  throw SAFE_CONTROL_CALL(
    `${field} ${signature === undefined ? "calls the Safe itself" : `calls ${signature}`}`,
    {
      field,
      hint: "do not sign: no payment changes who commands a Safe",
      ...(signature === undefined ? {} : { details: { call: signature } }),
    },
  );
}

/** A change of owners or threshold as the Safe itself is called to make it. @throws SAFE_CONTROL_INVALID */
export function encodeControl(control: SafeControl, safe: PinnedSafe): Uint8Array {
  assertFits(control, safe, "control");
  switch (control.control) {
    case "addOwner":
      return encodeCall(ADD_OWNER, { owner: control.owner, threshold: BigInt(control.threshold) });
    case "removeOwner": {
      const { previous, owner, threshold } = control;
      return encodeCall(REMOVE_OWNER, { previous, owner, threshold: BigInt(threshold) });
    }
    case "swapOwner":
      return encodeCall(SWAP_OWNER, control);
    case "changeThreshold":
      return encodeCall(CHANGE_THRESHOLD, { threshold: BigInt(control.threshold) });
  }
}

/**
 * The one change that a transaction of the Safe makes to itself. Whether `previous` stands before the owner in the
 * contract's list only the chain knows; the contract refuses it otherwise.
 * @throws SAFE_CONTROL_INVALID, SAFE_REFUND, EVM_CALLDATA_MALFORMED
 */
export function decodeControl(tx: SafeTx, safe: PinnedSafe, field = "safeTx"): SafeControl {
  assertNoRefund(tx, field);
  if (tx.to !== safe.address || tx.operation !== 0 || tx.value !== 0n) {
    throw invalid(field, "is no plain call of the Safe to itself");
  }
  const control = readControl(tx.data, `${field}.data`);
  assertFits(control, safe, `${field}.data`);
  return control;
}

function readControl(data: Uint8Array, field: string): SafeControl {
  const small = (threshold: bigint) => Number(threshold > 256n ? 256n : threshold);
  if (calls(data, ADD_OWNER)) {
    const { owner, threshold } = decodeCall(ADD_OWNER, data, field);
    return { control: "addOwner", owner, threshold: small(threshold) };
  }
  if (calls(data, REMOVE_OWNER)) {
    const { previous, owner, threshold } = decodeCall(REMOVE_OWNER, data, field);
    return { control: "removeOwner", previous, owner, threshold: small(threshold) };
  }
  if (calls(data, SWAP_OWNER)) return { control: "swapOwner", ...decodeCall(SWAP_OWNER, data, field) };
  if (calls(data, CHANGE_THRESHOLD)) {
    return {
      control: "changeThreshold",
      threshold: small(decodeCall(CHANGE_THRESHOLD, data, field).threshold),
    };
  }
  const signature = controlCall(data);
  throw invalid(
    field,
    signature === undefined
      ? "changes nothing that is known here"
      : `calls ${signature}, which is never signed`,
  );
}

function assertFits(control: SafeControl, safe: PinnedSafe, field: string): void {
  const { owners } = safe;
  if (control.control === "addOwner") assertNewOwner(control.owner, safe, `${field}.owner`);
  if (control.control === "removeOwner" || control.control === "swapOwner") {
    const { owner, previous } = control;
    if (!owners.includes(owner)) throw invalid(`${field}.owner`, `${owner} does not own the Safe`);
    if (previous === owner || (previous !== SENTINEL && !owners.includes(previous))) {
      throw invalid(`${field}.previous`, `${previous} cannot stand before the owner in the Safe's list`);
    }
  }
  if (control.control === "swapOwner") {
    assertNewOwner(control.replacement, safe, `${field}.replacement`);
    return;
  }
  const more = { addOwner: 1, removeOwner: -1, changeThreshold: 0 }[control.control];
  const count = owners.length + more;
  if (control.threshold < 1 || control.threshold > count) {
    throw invalid(`${field}.threshold`, `is not one of 1 to ${count}, as many as own the Safe then`);
  }
}

function assertNewOwner(owner: Address, { owners, address }: PinnedSafe, field: string): void {
  if (owners.includes(owner)) throw invalid(field, `${owner} owns the Safe already`);
  if (owner === ZERO_ADDRESS || owner === SENTINEL || owner === address) {
    throw invalid(field, `${owner} can own no Safe`);
  }
}

function invalid(field: string, why: string) {
  return SAFE_CONTROL_INVALID(`${field} ${why}`, {
    field,
    hint: "do not sign: have the change made again for the Safe as it is",
  });
}
