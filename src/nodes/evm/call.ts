/** Calls that an endpoint plays through without sending them: would a payment be taken, and what would it cost (F18). */
import type { Address } from "../../chains/evm/address.ts";
import type { CustodyError } from "../../core/errors.ts";
import { refusalCode, type Rpc } from "../bitcoind/rpc.ts";
import { dataField, quantityField } from "./answers.ts";
import { stateParameter, type StateAt } from "./block.ts";
import { refusalData } from "../json-rpc.ts";
import { revertReason } from "./revert.ts";

export type EvmCall = {
  readonly from?: Address | undefined;
  readonly to: Address;
  /** Wei. */
  readonly value?: bigint | undefined;
  /** Hex without `0x`. */
  readonly data?: string | undefined;
  readonly gasLimit?: bigint | undefined;
};

export type Simulation =
  /** `output` is hex without `0x`. */
  | { readonly type: "done"; readonly output: string }
  /** The call would have no effect. */
  | { readonly type: "failed"; readonly reason: string };

export type GasEstimate =
  | { readonly type: "done"; readonly gas: bigint }
  | { readonly type: "failed"; readonly reason: string };

/** geth's code for a revert whose data follows; other programs have it from there. */
const RPC_REVERTED = 3;
/** What programs say of a call that they have played through, and that failed. */
const FAILED =
  /revert|out ?of ?gas|gas required exceeds|invalid ?opcode|invalid ?jump|stack ?(?:under|over)flow|insufficient ?(?:funds|balance)/i;

export async function simulate(rpc: Rpc, call: EvmCall, at: StateAt): Promise<Simulation> {
  try {
    const asked = [parametersOf(call), stateParameter(at)];
    return { type: "done", output: await rpc.read("eth_call", asked, dataField) };
  } catch (error) {
    return { type: "failed", reason: failureOf(error) };
  }
}

/** What the call takes, as the endpoint found by trying; no promise that it takes no more when it is mined. */
export async function estimateGas(rpc: Rpc, call: EvmCall, at: StateAt): Promise<GasEstimate> {
  try {
    const asked = [parametersOf(call), stateParameter(at)];
    return { type: "done", gas: await rpc.read("eth_estimateGas", asked, quantityField) };
  } catch (error) {
    return { type: "failed", reason: failureOf(error) };
  }
}

/** @throws the error itself, where it does not say that the call failed */
function failureOf(error: unknown): string {
  const code = refusalCode(error);
  if (code === undefined) throw error;
  const data = refusalData(error);
  const { message } = error as CustodyError;
  if (code !== RPC_REVERTED && !FAILED.test(message)) throw error;
  return data === undefined || data === "0x" ? message : revertReason(data.slice(2));
}

function parametersOf({ from, to, value, data, gasLimit }: EvmCall): Readonly<Record<string, string>> {
  return {
    ...(from === undefined ? {} : { from }),
    to,
    ...(value === undefined ? {} : { value: quantity(value) }),
    ...(data === undefined ? {} : { data: `0x${data}` }),
    ...(gasLimit === undefined ? {} : { gas: quantity(gasLimit) }),
  };
}

const quantity = (value: bigint): string => `0x${value.toString(16)}`;
