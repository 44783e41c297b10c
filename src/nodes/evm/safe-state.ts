/** A Safe's own state, as one endpoint has it. */
import { addressOf, type Address } from "../../chains/evm/address.ts";
import { keccak256 } from "../../chains/evm/keccak.ts";
import { declareError } from "../../core/errors.ts";
import { fromHex, toHex, utf8 } from "../../core/hex.ts";
import type { Rpc } from "../bitcoind/rpc.ts";
import { dataField } from "./answers.ts";
import { stateParameter, type StateAt } from "./block.ts";
import { simulate } from "./call.ts";

export const EVM_SAFE_SILENT = declareError(
  "EVM_SAFE_SILENT",
  "network",
  "A Safe's contract does not answer as Safes do: there is none, or it is no Safe.",
);

/** What a policy pins of a Safe, and its nonce. */
export type SafeState = {
  readonly nonce: bigint;
  readonly threshold: bigint;
  /** In the Safe's own order, as are its modules. */
  readonly owners: readonly Address[];
  /** Code that moves what the Safe has without its owners. */
  readonly modules: readonly Address[];
  readonly version: string;
  /** The code that the proxy runs: its storage slot 0. */
  readonly singleton: Address;
};

const selector = (signature: string) => toHex(keccak256(utf8(signature)).subarray(0, 4));
const NONCE = selector("nonce()");
const THRESHOLD = selector("getThreshold()");
const OWNERS = selector("getOwners()");
const MODULES = selector("getModulesPaginated(address,uint256)");
const VERSION = selector("VERSION()");
const OWNERS_MAX = 100;
/** The sentinel, and as many as owners: more are no Safe that anybody can look over. */
const FROM_THE_FIRST = `${"1".padStart(64, "0")}${OWNERS_MAX.toString(16).padStart(64, "0")}`;

/** @throws EVM_SAFE_SILENT */
export async function readSafeNonce(rpc: Rpc, safe: Address, at: StateAt): Promise<bigint> {
  return number(await ask(rpc, safe, NONCE, at), safe);
}

/** @throws EVM_SAFE_SILENT */
export async function readSafeState(rpc: Rpc, safe: Address, at: StateAt): Promise<SafeState> {
  const slot = await rpc.read("eth_getStorageAt", [safe, "0x0", stateParameter(at)], dataField);
  return {
    nonce: await readSafeNonce(rpc, safe, at),
    threshold: number(await ask(rpc, safe, THRESHOLD, at), safe),
    owners: addresses(await ask(rpc, safe, OWNERS, at), safe),
    modules: modulesIn(await ask(rpc, safe, `${MODULES}${FROM_THE_FIRST}`, at), safe),
    version: textIn(await ask(rpc, safe, VERSION, at), safe),
    singleton: addressOf(fromHex(slot.slice(-40).padStart(40, "0"))),
  };
}

async function ask(rpc: Rpc, safe: Address, data: string, at: StateAt): Promise<string> {
  const said = await simulate(rpc, { to: safe, data }, at);
  if (said.type === "done") return said.output;
  throw silent(safe, said.reason);
}

const word = (output: string, place: number) => output.slice(64 * place, 64 * (place + 1));

function number(output: string, safe: Address): bigint {
  if (output.length !== 64) throw silent(safe, `it returned ${output.length / 2} bytes`);
  return BigInt(`0x${output}`);
}

// ABI: the offset of the array, its length, its members.
function addresses(output: string, safe: Address): readonly Address[] {
  const count = Number(BigInt(`0x${word(output, 1) || "0"}`));
  if (count < 1 || count > OWNERS_MAX || output.length !== 64 * (2 + count))
    throw silent(safe, "its owners are not listed as Safes do");
  return Array.from({ length: count }, (_, place) => addressOf(fromHex(word(output, 2 + place).slice(24))));
}

// ABI: the offset of the array, where the next page begins, the array's length, its members.
function modulesIn(output: string, safe: Address): readonly Address[] {
  const count = Number(BigInt(`0x${word(output, 2) || "0"}`));
  if (!(count >= 0 && count <= OWNERS_MAX) || output.length !== 64 * (3 + count))
    throw silent(safe, "its modules are not listed as Safes do");
  return Array.from({ length: count }, (_, place) => addressOf(fromHex(word(output, 3 + place).slice(24))));
}

function textIn(output: string, safe: Address): string {
  const length = Number(BigInt(`0x${word(output, 1) || "0"}`));
  if (length < 1 || length > 32 || output.length !== 192) throw silent(safe, "it has no version");
  return new TextDecoder().decode(fromHex(output.slice(128, 128 + 2 * length)));
}

function silent(safe: Address, why: string) {
  return EVM_SAFE_SILENT(`${safe} does not answer as a Safe: ${why}`, {
    field: "wallet",
    hint: "compare the Safe's address and chain in the policy with the chain itself",
  });
}
