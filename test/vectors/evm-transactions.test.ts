/** Signed transactions of others: EIP-155's own, and every type as ethers writes it. What we do not sign is refused, each by name. */
import { expect, test } from "vitest";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import {
  encodeSigned,
  encodeUnsigned,
  parseSigned,
  parseUnsigned,
  signingHash,
} from "../../src/chains/evm/transaction.ts";
import { addressOf } from "../../src/chains/evm/address.ts";
import { keccak256 } from "../../src/chains/evm/keccak.ts";
import { quantityBytes, readQuantity } from "../../src/chains/evm/quantity.ts";
import { decodeRlp, encodeRlp, type Rlp } from "../../src/chains/evm/rlp.ts";
import { recoverAddress } from "../../src/chains/evm/signature.ts";
import type { ChainId } from "../../src/core/chain.ts";
import { concatBytes, fromHex, toHex } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { checkCases, vectorFile } from "./folder.ts";

const bytesOf = (text: string) => fromHex(text.replace(/^0x/, ""));
const chainOf = (id: bigint) => `eip155:${id}` as ChainId;

type Eip155 = { readonly hash: string; readonly rlp: string; readonly sender: string };
const EIP155 = "evm/eip155.json";
const eip155 = vectorFile<Eip155[]>(EIP155);

test.skipIf(eip155 === undefined)("EIP-155: read, written, and the sender found", () => {
  checkCases(EIP155, eip155 ?? [], ({ rlp, hash, sender }) => {
    const { transaction, signature } = parseSigned(bytesOf(rlp), chainOf(1n));
    expect(toHex(encodeSigned(transaction, signature))).toBe(toHex(bytesOf(rlp)));
    // The vector's `hash` is what was signed.
    expect(toHex(signingHash(transaction))).toBe(hash);
    expect(recoverAddress(signingHash(transaction), signature)).toBe(addressOf(fromHex(sender)));
    return "passed";
  });
});

const KINDS = ["Legacy", "Eip155", "Berlin", "London", "Cancun"] as const;
type Kind = (typeof KINDS)[number];
type Signed = Readonly<Record<`unsigned${Kind}` | `signed${Kind}`, string>> & {
  readonly transaction: {
    readonly to: string | null;
    readonly chainId?: string;
    readonly maxFeePerGas?: string;
    readonly maxPriorityFeePerGas?: string;
  };
  readonly privateKey: string;
};
const TRANSACTIONS = "evm/transactions.json";
const transactions = vectorFile<Signed[]>(TRANSACTIONS);

/** What is to be refused, and why: found from the vector's fields, not from what our reader says of them. */
function refusalOf({ transaction }: Signed, kind: Kind): string | undefined {
  const { to, chainId = "0x0", maxFeePerGas = "0x0", maxPriorityFeePerGas = "0x0" } = transaction;
  if (kind === "Cancun") return "EVM_TRANSACTION_TYPE";
  if (kind === "Legacy") return "EVM_CHAIN_ID_MISSING";
  if (BigInt(chainId) === 0n) return "EVM_CHAIN_ID_MISSING";
  if (to === null || to === undefined) return "EVM_CREATES_CONTRACT";
  if (kind === "London" && BigInt(maxPriorityFeePerGas) > BigInt(maxFeePerGas)) return "EVM_FEE_OVERFLOW";
  return undefined;
}

/** The bytes of `unsigned` with a signature behind them, by our RLP and our key alone. */
function signedPayload(kind: Kind, unsigned: Uint8Array, secret: Uint8Array): Uint8Array {
  const { r, s, yParity } = signRecoverable(keccak256(unsigned), secret);
  const legacy = kind === "Legacy" || kind === "Eip155";
  const items = decodeRlp(legacy ? unsigned : unsigned.subarray(1)) as readonly Rlp[];
  const fields = kind === "Eip155" ? items.slice(0, 6) : items;
  const chainId = kind === "Eip155" ? readQuantity(items[6], 8, "chainId") : undefined;
  const v = legacy ? (chainId === undefined ? 27n : 35n + 2n * chainId) : 0n;
  const body = encodeRlp([...fields, ...[v + BigInt(yParity), r, s].map(quantityBytes)]);
  return legacy ? body : concatBytes(unsigned.subarray(0, 1), body);
}

test.skipIf(transactions === undefined).each(KINDS)("%s transactions of ethers", (kind) => {
  const counts = new Map<string, number>();
  checkCases(
    TRANSACTIONS,
    transactions ?? [],
    (one) => {
      // A form that the transaction's fields cannot have.
      if (one[`unsigned${kind}`] === "") return "not ours";
      const [unsigned, signed] = [bytesOf(one[`unsigned${kind}`]), bytesOf(one[`signed${kind}`])];
      const chain = chainOf(BigInt(one.transaction.chainId ?? 0));
      const refusal = refusalOf(one, kind);
      counts.set(refusal ?? "signed alike", (counts.get(refusal ?? "signed alike") ?? 0) + 1);
      if (refusal !== undefined) {
        expect(codeOf(() => parseUnsigned(unsigned, chain))).toBe(refusal);
        expect(codeOf(() => parseSigned(signed, chain))).toBe(refusal);
        // Fields, spelling and signature are ours for all of them: what is refused is refused for what it does.
        expect(toHex(signedPayload(kind, unsigned, bytesOf(one.privateKey)))).toBe(toHex(signed));
        return "passed";
      }
      const transaction = parseUnsigned(unsigned, chain);
      expect(toHex(encodeUnsigned(transaction))).toBe(toHex(unsigned));
      const signature = signRecoverable(signingHash(transaction), bytesOf(one.privateKey));
      expect(toHex(encodeSigned(transaction, signature))).toBe(toHex(signed));
      expect(parseSigned(signed, chain)).toEqual({ transaction, signature });
      return "passed";
    },
    kind,
  );
  console.log(`${kind}: ${[...counts].map(([what, count]) => `${count} ${what}`).join(", ")}`);
  if (!["Cancun", "Legacy"].includes(kind)) expect(counts.get("signed alike")).toBeGreaterThan(0);
});
