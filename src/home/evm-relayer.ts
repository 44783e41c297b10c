/**
 * The gas key that carries Safes' transactions: it pays for gas and holds nobody's money. Whoever has it can send what owners
 * have signed, as anybody can, and spend its gas; it can sign nothing for a Safe.
 */
import { readFileSync, statSync } from "node:fs";
import * as ecc from "tiny-secp256k1";
import { addressOfKey, type Address } from "../chains/evm/address.ts";
import { evmFees } from "../chains/evm/fee-choice.ts";
import type { SafeExecution } from "../chains/evm/safe-partial.ts";
import { chainIdOf, encodeSigned, signingHash, type EvmTransaction } from "../chains/evm/transaction.ts";
import { assert, CustodyError, declareError } from "../core/errors.ts";
import { fromHex, toHex } from "../core/hex.ts";
import { feeCapsOf } from "../core/policy/fee-caps.ts";
import { rulesFor } from "../core/policy/entries.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { BroadcastOutcome } from "../chains/chain-node.ts";
import type { EvmQuorum } from "../nodes/evm/quorum.ts";
import { asFileError } from "../terminal/files.ts";
import type { Io } from "../terminal/io.ts";
import { optionalSetting } from "./settings.ts";

export const RELAYER_KEY_INVALID = declareError(
  "RELAYER_KEY_INVALID",
  "invalid",
  "The file of the gas key holds no private key in hex, or others may read it.",
);

export type Relayer = {
  readonly address: Address;
  readonly sign: (transaction: EvmTransaction) => Uint8Array;
};

/** The gas key of the settings; undefined where none is set. @throws RELAYER_KEY_INVALID, FILE_… */
export function openRelayer(io: Io): Relayer | undefined {
  const path = optionalSetting(io, "evm.relayer-key-file");
  if (path === undefined) return undefined;
  const secret = readKey(path);
  const key = ecc.pointFromScalar(secret, false);
  if (key === null) throw invalid(path, "holds no private key");
  return {
    address: addressOfKey(key.subarray(1)),
    sign(transaction) {
      const { signature, recoveryId } = ecc.signRecoverable(signingHash(transaction), secret);
      const number = (from: number) => BigInt(`0x${toHex(signature.subarray(from, from + 32))}`);
      assert(recoveryId === 0 || recoveryId === 1, "an r above the group's order is as good as impossible");
      return encodeSigned(transaction, { r: number(0), s: number(32), yParity: recoveryId });
    },
  };
}

/**
 * Sends a Safe's transaction by the gas key. It is played through first: a call that would fail costs gas and does nothing.
 * One at a time, at the key's next nonce: what waits is replaced only where nodes take the new one in its place.
 */
export async function relay(
  evm: EvmQuorum,
  relayer: Relayer,
  policy: Policy,
  execution: SafeExecution,
): Promise<BroadcastOutcome> {
  try {
    return await relayed(evm, relayer, policy, execution);
  } catch (error) {
    if (error instanceof CustodyError)
      return { type: "uncertain", reason: `${error.code}: ${error.message}` };
    throw error;
  }
}

const GAS_MARGIN_PERCENT = 30n;

async function relayed(
  evm: EvmQuorum,
  { address, sign }: Relayer,
  policy: Policy,
  { safe, nonce, data }: SafeExecution,
): Promise<BroadcastOutcome> {
  const { latest } = await evm.tip();
  const next = await evm.safeNonce(safe, latest);
  if (next > nonce) return { type: "rejected", reason: `nonce ${nonce} of the Safe is used` };
  if (next < nonce) return { type: "uncertain", reason: `it waits for nonce ${next} of the Safe` };
  const call = { from: address, to: safe, data: toHex(data) };
  const simulated = await evm.simulate(call, latest);
  if (simulated.type === "failed") return { type: "rejected", reason: simulated.reason };
  const estimate = await evm.estimateGas(call, latest);
  if (estimate.type === "failed") return { type: "rejected", reason: estimate.reason };
  const caps = feeCapsOf(rulesFor(policy, evm.chain));
  const { baseFees, tipWei, feeRateMilli } = evmFees(await evm.fees(), caps);
  const fee = (BigInt(feeRateMilli) * caps.rateUnit.units) / 1000n;
  const common = {
    chainId: chainIdOf(evm.chain),
    nonce: await evm.nonce(address, latest),
    gasLimit: (estimate.gas * (100n + GAS_MARGIN_PERCENT)) / 100n,
    to: safe,
    value: 0n,
    data,
  };
  if (common.gasLimit * fee > BigInt(caps.absoluteUnitsMax))
    return { type: "rejected", reason: `it would cost more than the policy's ${caps.absoluteUnitsMax} wei` };
  const tip = BigInt(tipWei);
  const transaction: EvmTransaction = baseFees
    ? { ...common, type: 2, maxFeePerGas: fee, maxPriorityFeePerGas: tip < fee ? tip : fee, accessList: [] }
    : { ...common, type: 0, gasPrice: fee };
  const sent = await evm.broadcast(sign(transaction));
  // One that pays as much waits already.
  if (sent.type === "rejected" && sent.why === "replacement underpriced") return { type: "accepted" };
  return sent;
}

// As a cookie file: one line, for this user alone.
function readKey(path: string): Uint8Array {
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw invalid(path, "may be read by others");
    const text = readFileSync(path, "utf8").trim();
    if (!/^[0-9a-f]{64}$/.test(text)) throw invalid(path, "holds no 64 hex digits");
    return fromHex(text);
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    throw asFileError(error, path, "evm.relayer-key-file");
  }
}

function invalid(path: string, why: string): CustodyError {
  return RELAYER_KEY_INVALID(`${path} ${why}`, {
    field: "evm.relayer-key-file",
    hint: "chmod 600 FILE   (one line of 64 hex digits, of a key that holds nothing but gas)",
  });
}
