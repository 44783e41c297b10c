/**
 * Calls of tokens (ERC-20). A transfer is what a payment is; whatever lets somebody else move the tokens later is
 * refused by name (attack E5), and everything else because nothing here can read it (attack E6).
 */
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { calls, decodeCall, encodeCall, SELECTOR_BYTES, selectorOf, type AbiFunction } from "./abi.ts";
import { addressOf, type Address } from "./address.ts";

export type Erc20Transfer = { readonly call: "transfer"; readonly to: Address; readonly units: bigint };

export const CALLDATA_UNKNOWN = declareError(
  "EVM_CALLDATA_UNKNOWN",
  "denied",
  "A contract is called with something that nothing here can read.",
);
export const ALLOWANCE_REFUSED = declareError(
  "EVM_ALLOWANCE_REFUSED",
  "denied",
  "A call lets somebody else move tokens, or moves tokens by such a permission.",
);
export const TRANSFER_TO = declareError(
  "EVM_TRANSFER_TO",
  "denied",
  "A payment goes to the zero address, or one of tokens to their own contract, where nobody has them.",
);

export const ZERO_ADDRESS = addressOf(new Uint8Array(20));

const TRANSFER = {
  name: "transfer",
  inputs: [
    ["to", "address"],
    ["units", "uint256"],
  ],
} as const satisfies AbiFunction;

/** Everything known by which tokens give, use or take back a permission to move them. */
const ALLOWANCES = [
  "approve(address,uint256)",
  "transferFrom(address,address,uint256)",
  "increaseAllowance(address,uint256)",
  "decreaseAllowance(address,uint256)",
  // What came before increaseAllowance, in tokens of 2017.
  "increaseApproval(address,uint256)",
  "decreaseApproval(address,uint256)",
  // ERC-2612, and DAI's own of before it.
  "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
  "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)",
  "permit(address,address,uint256,uint256,bytes)",
  // ERC-721 and ERC-1155; ERC-777; ERC-1363.
  "setApprovalForAll(address,bool)",
  "authorizeOperator(address)",
  "approveAndCall(address,uint256)",
  "approveAndCall(address,uint256,bytes)",
  // Permit2.
  "approve(address,address,uint160,uint48)",
  "permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)",
] as const;

let allowances: ReadonlyMap<string, string> | undefined;

/** @throws EVM_TRANSFER_TO */
export function encodeTransfer({
  token,
  to,
  units,
}: {
  readonly token: Address;
  readonly to: Address;
  readonly units: bigint;
}): Uint8Array {
  assertReceiver(to, token, "to");
  return encodeCall(TRANSFER, { to, units });
}

/**
 * What a call of the token's contract does. `token` is its address.
 * @throws EVM_ALLOWANCE_REFUSED, EVM_CALLDATA_UNKNOWN, EVM_CALLDATA_MALFORMED, EVM_TRANSFER_TO
 */
export function decodeErc20Call(data: Uint8Array, token: Address, field = "data"): Erc20Transfer {
  assertNoAllowance(data, field);
  if (!calls(data, TRANSFER)) throw unknownCall(data, field);
  const { to, units } = decodeCall(TRANSFER, data, field);
  assertReceiver(to, token, `${field}.to`);
  return { call: "transfer", to, units };
}

/** @throws EVM_ALLOWANCE_REFUSED, whatever the arguments are, and wherever the call goes */
export function assertNoAllowance(data: Uint8Array, field: string): void {
  allowances ??= new Map(ALLOWANCES.map((signature) => [toHex(selectorOf(signature)), signature]));
  const signature = allowances.get(toHex(data.subarray(0, SELECTOR_BYTES)));
  if (signature === undefined) return;
  throw ALLOWANCE_REFUSED(`${field} calls ${signature}: somebody else could move what is held`, {
    field,
    hint: "do not sign: payments transfer, they never allow",
    details: { call: signature },
  });
}

/** The refusal of a call that nothing here reads, with its first four bytes for whoever looks it up. */
export function unknownCall(data: Uint8Array, field: string) {
  const selector = data.length < SELECTOR_BYTES ? "" : ` 0x${toHex(data.subarray(0, SELECTOR_BYTES))}`;
  return CALLDATA_UNKNOWN(`${field} is a call${selector} of ${data.length} bytes that is not known here`, {
    field,
    hint: "do not sign: nothing is signed that cannot be read",
  });
}

function assertReceiver(to: Address, token: Address, field: string): void {
  const where = to === ZERO_ADDRESS ? "the zero address" : to === token ? "the token's contract" : undefined;
  if (where === undefined) return;
  throw TRANSFER_TO(`${field} is ${where}: tokens sent there are lost`, {
    field,
    hint: "ask whoever gave the destination for their own address",
  });
}
