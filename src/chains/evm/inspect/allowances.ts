/** What lets somebody else move tokens, shown with its arguments: never signed, and most asked for by thieves (attack E5). */
import { toHex } from "../../../core/hex.ts";
import { calls, decodeCall, SELECTOR_BYTES, type AbiFunction } from "../abi.ts";
import type { CallSummary } from "./calls.ts";

const APPROVE = {
  name: "approve",
  inputs: [
    ["spender", "address"],
    ["units", "uint256"],
  ],
} as const satisfies AbiFunction;
const INCREASE = { ...APPROVE, name: "increaseAllowance" } as const satisfies AbiFunction;
const FOR_ALL = {
  name: "setApprovalForAll",
  inputs: [
    ["operator", "address"],
    ["approved", "bool"],
  ],
} as const satisfies AbiFunction;
/** Half of what a word holds: no token has so many units, and wallets call it unlimited. */
const UNLIMITED = 2n ** 255n;

export function allowanceFacts(data: Uint8Array): Pick<CallSummary, "facts" | "warnings"> {
  for (const called of [APPROVE, INCREASE]) {
    if (!calls(data, called)) continue;
    const { spender, units } = decodeCall(called, data);
    const amount = units >= UNLIMITED ? "UNLIMITED" : `${units} base units`;
    return {
      facts: [["allows", `${spender} to move ${amount}`]],
      warnings: units >= UNLIMITED ? [`${spender} could move all that there is, and all that will come`] : [],
    };
  }
  if (calls(data, FOR_ALL)) {
    const { operator, approved } = decodeCall(FOR_ALL, data);
    const said = approved ? "to move every token of the contract" : "nothing any more";
    return {
      facts: [["allows", `${operator} ${said}`]],
      warnings: approved ? [`${operator} could move every token of the contract`] : [],
    };
  }
  return {
    facts: [["allows", `somebody else, by 0x${toHex(data.subarray(0, SELECTOR_BYTES))}`]],
    warnings: [],
  };
}
