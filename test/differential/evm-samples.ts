/** Transactions of every kind that we sign, at random, for fast-check. */
import fc from "fast-check";
import { addressOf } from "../../src/chains/evm/address.ts";
import type { EvmTransaction } from "../../src/chains/evm/transaction.ts";
import type { ChainId } from "../../src/core/chain.ts";

const WORD = 2n ** 256n;

/** Numbers of all lengths, not only the longest; at the edges of bytes as often as between them. */
const quantity = (max: bigint) =>
  fc
    .tuple(fc.bigInt({ min: 0n, max }), fc.nat({ max: 255 }), fc.boolean())
    .map(([value, shift, edge]) => (edge ? max >> BigInt(shift) : value >> BigInt(shift)));

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const address = bytes(20).map(addressOf);
/** Lengths on both sides of RLP's turns at 56 and 256 bytes. */
const data = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.uint8Array({ minLength: 200, maxLength: 300 }),
  fc.uint8Array({ maxLength: 1 }),
);
const accessList = fc.array(fc.record({ address, keys: fc.array(bytes(32), { maxLength: 4 }) }), {
  maxLength: 4,
});

/** Below EIP-2294's bound; others read numbers of JavaScript, so that no nonce is above 2^53. */
const common = {
  chainId: fc.bigInt({ min: 1n, max: 2n ** 53n }),
  nonce: quantity(2n ** 53n - 1n),
  gasLimit: quantity(2n ** 64n - 1n),
  to: address,
  value: quantity(WORD / 2n),
  data,
};
/** Times any gas it stays within half of a word. */
const price = quantity(2n ** 191n - 1n);

export const anyTransaction: fc.Arbitrary<EvmTransaction> = fc.oneof(
  fc.record({ type: fc.constant(0 as const), ...common, gasPrice: price }),
  fc.record({ type: fc.constant(1 as const), ...common, gasPrice: price, accessList }),
  fc
    .record({
      type: fc.constant(2 as const),
      ...common,
      maxFeePerGas: price,
      maxPriorityFeePerGas: price,
      accessList,
    })
    .map(({ maxFeePerGas: a, maxPriorityFeePerGas: b, ...rest }) => ({
      ...rest,
      maxFeePerGas: a > b ? a : b,
      maxPriorityFeePerGas: a > b ? b : a,
    })),
);

/** Keys from 1 to far below the order of the curve. */
export const anySecret = bytes(32)
  .map((secret) => Uint8Array.from(secret, (byte, place) => (place === 0 ? byte & 0x7f : byte)))
  .filter((secret) => secret.some((byte) => byte !== 0));

export const chainOf = ({ chainId }: EvmTransaction) => `eip155:${chainId}` as ChainId;
