/** EIP-155's own example to the last byte, and what a transaction says of itself. Refusals: `test/attack/E01` to `E10`. */
import { describe, expect, test } from "vitest";
import { signRecoverable } from "../../../../signer/sign/evm-ecdsa.ts";
import type { Address } from "../../../../src/chains/evm/address.ts";
import {
  chainIdOf,
  encodeSigned,
  encodeUnsigned,
  feePerGas,
  parseSigned,
  parseUnsigned,
  signingHash,
  transactionHash,
  type EvmTransaction,
} from "../../../../src/chains/evm/transaction.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";

const MAINNET = "eip155:1" as ChainId;
const none = new Uint8Array();

/** EIP-155, "Example". */
const EXAMPLE = {
  type: 0,
  chainId: 1n,
  nonce: 9n,
  gasPrice: 20_000_000_000n,
  gasLimit: 21_000n,
  to: "0x3535353535353535353535353535353535353535" as Address,
  value: 10n ** 18n,
  data: none,
} as const satisfies EvmTransaction;
const UNSIGNED = "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080";
const SIGNED =
  "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

describe("EIP-155's example", () => {
  test("is written, hashed, signed and read as the standard says", () => {
    expect(toHex(encodeUnsigned(EXAMPLE))).toBe(UNSIGNED);
    expect(parseUnsigned(fromHex(UNSIGNED), MAINNET)).toEqual(EXAMPLE);
    expect(toHex(signingHash(EXAMPLE))).toBe(
      "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53",
    );
    const signature = signRecoverable(signingHash(EXAMPLE), fromHex("46".repeat(32)));
    expect(toHex(encodeSigned(EXAMPLE, signature))).toBe(SIGNED);
    expect(parseSigned(fromHex(SIGNED), MAINNET)).toEqual({ transaction: EXAMPLE, signature });
  });

  test("has the id that nodes know it by", () => {
    expect(toHex(transactionHash(fromHex(SIGNED)))).toBe(
      "33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788",
    );
  });
});

describe("a transaction", () => {
  const { gasPrice, ...common } = EXAMPLE;
  const priced: EvmTransaction = { ...EXAMPLE, type: 1, accessList: [] };
  const market: EvmTransaction = {
    ...common,
    type: 2,
    maxPriorityFeePerGas: 1n,
    maxFeePerGas: gasPrice + 1n,
    accessList: [],
  };

  test("pays for one gas what it names, and under EIP-1559 the fee with the priority in it", () => {
    expect([EXAMPLE, priced, market].map(feePerGas)).toEqual([gasPrice, gasPrice, gasPrice + 1n]);
  });

  test("what was read stays as it was, whatever becomes of the bytes (B18)", () => {
    const written = { ...market, data: fromHex("a9059cbb") };
    for (const bytes of [encodeUnsigned(written), Buffer.from(encodeUnsigned(written))]) {
      const read = parseUnsigned(bytes, MAINNET);
      bytes.fill(0);
      expect(read).toEqual(written);
    }
  });

  test("names its chain by the number of its id", () => {
    expect(chainIdOf(MAINNET)).toBe(1n);
    expect(chainIdOf("eip155:11155111" as ChainId)).toBe(11_155_111n);
    expect(() => chainIdOf("bip122:000000000019d6689c085ae165831e93" as ChainId)).toThrow("eip155");
  });
});
