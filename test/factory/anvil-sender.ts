/** An account that pays on an anvil, signed for by ethers: an oracle's transactions, and none of ours. */
import { Wallet, getBytes, id } from "ethers";
import type { Anvil } from "../../demo/anvil.ts";
import { parseAddress, type Address } from "../../src/chains/evm/address.ts";
import { transactionHash } from "../../src/chains/evm/transaction.ts";
import type { Digest } from "../../src/core/digest.ts";
import { toHex } from "../../src/core/hex.ts";
import type { SentAttempt } from "../../src/nodes/evm/status.ts";

export const GWEI = 10n ** 9n;
export const ONE = 10n ** 18n;

export type Made = { readonly bytes: Uint8Array; readonly raw: string; readonly attempt: SentAttempt };

export type Wish = {
  readonly nonce: number;
  readonly to?: string | null;
  readonly value?: bigint;
  readonly data?: string;
  readonly gasLimit?: bigint;
  readonly fee?: bigint;
  readonly tip?: bigint;
  readonly chainId?: number;
};

export type AnvilSender = { readonly address: Address; make(wish: Wish): Promise<Made> };

export function anvilSender(label: string): AnvilSender {
  const wallet = new Wallet(id(label));
  const address = parseAddress(wallet.address);
  return {
    address,
    async make({ nonce, to, value = 0n, data = "0x", gasLimit = 21_000n, fee, tip, chainId = 31_337 }) {
      const raw = await wallet.signTransaction({
        type: 2,
        chainId,
        nonce,
        to: to === undefined ? somebody("payee") : to,
        value,
        data,
        gasLimit,
        maxFeePerGas: fee ?? 10n * GWEI,
        maxPriorityFeePerGas: tip ?? GWEI,
      });
      const bytes = getBytes(raw);
      const transaction = toHex(transactionHash(bytes)) as Digest;
      return { bytes, raw, attempt: { transaction, address, nonce: BigInt(nonce) } };
    },
  };
}

/** An address that nobody has a key for. */
export function somebody(label: string): Address {
  return parseAddress(new Wallet(id(`somebody ${label}`)).address);
}

/** A contract that always reverts with these words. */
export async function refusingContract(anvil: Anvil, label: string, words: string): Promise<Address> {
  const text = Buffer.from(words, "utf8");
  const word = (value: number) => value.toString(16).padStart(64, "0");
  const padded = text.toString("hex").padEnd(Math.ceil(text.length / 32) * 64, "0");
  const error = `08c379a0${word(32)}${word(text.length)}${padded}`;
  const size = (error.length / 2).toString(16).padStart(2, "0");
  // PUSH1 size, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, REVERT, and the error behind it.
  return contract(anvil, label, `60${size}80600b6000396000fd${error}`);
}

/** A contract that goes round in a circle until its gas is used up. */
export async function endlessContract(anvil: Anvil, label: string): Promise<Address> {
  return contract(anvil, label, "5b600056");
}

async function contract(anvil: Anvil, label: string, code: string): Promise<Address> {
  const address = somebody(label);
  await anvil.rpc("anvil_setCode", [address, `0x${code}`]);
  return address;
}
