/** A Safe's transaction: its hash in both ways that one can make it, and the typed data of others read back. */
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import { describe, expect, test } from "vitest";
import { ZERO_ADDRESS } from "../../../../src/chains/evm/erc20.ts";
import {
  hashSafeTx,
  isSafeCancel,
  makeSafeCancel,
  makeSafeTx,
  readSafeTypedData,
  safeDomainSeparator,
  safeTypedData,
  SAFE_REFUND,
  SAFE_TX_MALFORMED,
  type SafeTx,
} from "../../../../src/chains/evm/safe.ts";
import { decodeExecution, encodeExecution, isExecution } from "../../../../src/chains/evm/safe-execution.ts";
import { typeHash } from "../../../../src/chains/evm/typed-data-types.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import { keccak256 as hashOf } from "../../../../src/chains/evm/keccak.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { noise } from "../../../factory/noise.ts";
import { pinnedSafe, stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const safe = pinnedSafe();
const plain = makeSafeTx({ to: stranger("payee"), value: 5n, data: noise(40), operation: 0, nonce: 7n });
const full: SafeTx = {
  ...plain,
  operation: 1,
  safeTxGas: 1n,
  baseGas: 2n,
  gasPrice: 3n,
  gasToken: stranger("gas token"),
  refundReceiver: stranger("refund"),
};

/** As the contract's source has it: getTransactionHash of Safe.sol, by ethers' encoder. */
function contractHash(tx: SafeTx): string {
  const word = [
    "bytes32",
    "address",
    "uint256",
    "bytes32",
    "uint8",
    "uint256",
    "uint256",
    "uint256",
    "address",
    "address",
    "uint256",
  ];
  const coder = AbiCoder.defaultAbiCoder();
  const domain = coder.encode(
    ["bytes32", "uint256", "address"],
    ["0x47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218", safe.chainId, safe.address],
  );
  const struct = coder.encode(word, [
    "0xbb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8",
    tx.to,
    tx.value,
    keccak256(tx.data),
    tx.operation,
    tx.safeTxGas,
    tx.baseGas,
    tx.gasPrice,
    tx.gasToken,
    tx.refundReceiver,
    tx.nonce,
  ]);
  return keccak256(`0x1901${keccak256(domain).slice(2)}${keccak256(struct).slice(2)}`);
}

describe("the hash", () => {
  test("that of the contract's source, with the contract's own constants", () => {
    for (const tx of [plain, full]) expect(`0x${toHex(hashSafeTx(tx, safe).digest)}`).toBe(contractHash(tx));
    expect(toHex(typeHash(safeTypedData(plain, safe).types, "SafeTx"))).toBe(
      "bb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8",
    );
    expect(toHex(hashOf(utf8("EIP712Domain(uint256 chainId,address verifyingContract)")))).toBe(
      "47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218",
    );
    expect(toHex(safeDomainSeparator(safe))).toBe(toHex(hashSafeTx(plain, safe).domainSeparator));
  });

  test("every field, the chain and the Safe are part of it", () => {
    const hashes = [
      full,
      ...Object.entries(full).map(([name, value]) => ({
        ...full,
        [name]:
          name === "operation"
            ? 0
            : typeof value === "bigint"
              ? value + 1n
              : value instanceof Uint8Array
                ? noise(41)
                : stranger("other"),
      })),
    ].map((tx) => toHex(hashSafeTx(tx, safe).digest));
    for (const other of [pinnedSafe({ chainId: 1n }), pinnedSafe({ address: stranger("other") })])
      hashes.push(toHex(hashSafeTx(full, other).digest));
    expect(new Set(hashes).size).toBe(13);
  });

  test("each field is shown", () => {
    const shown = hashSafeTx(full, safe).lines.map(({ path }) => path.replace(/^message\./, ""));
    expect(shown).toEqual(["domain.chainId", "domain.verifyingContract", ...Object.keys(typesOf())]);
  });
});

function typesOf() {
  const fields = safeTypedData(plain, safe).types["SafeTx"] ?? [];
  return Object.fromEntries(fields.map(({ name, type }) => [name, type]));
}

describe("typed data of others", () => {
  test("read back as it was; ethers hashes it alike", () => {
    const data = safeTypedData(full, safe);
    expect(readSafeTypedData(data, safe)).toEqual(full);
    const types = { SafeTx: [...(data.types["SafeTx"] ?? [])] };
    expect(
      TypedDataEncoder.hash({ chainId: safe.chainId, verifyingContract: safe.address }, types, data.message),
    ).toBe(`0x${toHex(hashSafeTx(full, safe).digest)}`);
  });

  test("an operation that is none", () => {
    const data = safeTypedData(plain, safe);
    for (const operation of [2, 255])
      expect(
        expectRefusal(
          () => readSafeTypedData({ ...data, message: { ...data.message, operation } }, safe),
          SAFE_TX_MALFORMED,
        ).field,
      ).toBe("message.operation");
  });
});

describe("what uses up a nonce alone", () => {
  test("a call of nothing to the Safe itself", () => {
    const cancel = makeSafeCancel(safe, 7n);
    expect(isSafeCancel(cancel, safe)).toBe(true);
    for (const other of [
      { ...cancel, to: stranger("payee") },
      { ...cancel, value: 1n },
      { ...cancel, data: Uint8Array.of(0) },
      { ...cancel, operation: 1 as const },
    ])
      expect(isSafeCancel(other, safe)).toBe(false);
    expectRefusal(() => isSafeCancel({ ...cancel, gasPrice: 1n }, safe), SAFE_REFUND);
  });
});

describe("execTransaction", () => {
  const signatures = noise(130);

  test("written and read, without its nonce", () => {
    const data = encodeExecution(plain, signatures);
    expect(toHex(data.subarray(0, 4))).toBe("6a761202");
    expect(isExecution(data)).toBe(true);
    expect(decodeExecution(data, 7n)).toEqual({ tx: plain, signatures });
    expect(decodeExecution(data, 8n).tx.nonce).toBe(8n);
  });

  test("refused: an operation that is none, a refund, bytes behind the end", () => {
    const changed = (place: number, value: number) => {
      const data = Uint8Array.from(encodeExecution(plain, signatures));
      data[4 + 32 * place + 31] = value;
      return codeOf(() => decodeExecution(data, 7n));
    };
    expect(changed(3, 0)).toBe("none");
    expect(changed(3, 1)).toBe("none");
    expect(changed(3, 2)).toBe("SAFE_TX_MALFORMED");
    for (const place of [4, 5, 6, 7, 8]) expect(changed(place, 1)).toBe("SAFE_REFUND");
    expect(codeOf(() => encodeExecution(full, signatures))).toBe("SAFE_REFUND");
    const longer = new Uint8Array([...encodeExecution(plain, signatures), 0]);
    expect(codeOf(() => decodeExecution(longer, 7n))).toBe("EVM_CALLDATA_MALFORMED");
  });
});

test("ours refund nobody", () => {
  expect(plain).toMatchObject({
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: ZERO_ADDRESS,
    refundReceiver: ZERO_ADDRESS,
  });
});
