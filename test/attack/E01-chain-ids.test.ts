/** E1: a transaction that is good on another chain, or on every one (EIP-155), is signed by nobody. */
import { describe, expect, test } from "vitest";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { quantityBytes } from "../../src/chains/evm/quantity.ts";
import { encodeRlp } from "../../src/chains/evm/rlp.ts";
import {
  encodeSigned,
  encodeUnsigned,
  parseSigned,
  parseUnsigned,
  signingHash,
} from "../../src/chains/evm/transaction.ts";
import { keccak256 } from "../../src/chains/evm/keccak.ts";
import type { ChainId } from "../../src/core/chain.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  BASE,
  baseWith,
  fromAccount,
  itemsOf,
  LEGACY_BASE,
  offered,
  said,
  withBase,
  withFields,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

const MAINNET = "eip155:1" as ChainId;
const none = new Uint8Array();
const secret = fixtureBytes("E1");

describe("a plan's transaction", () => {
  test("E1 twin: for the wallet's own chain it is signed, in either form", () => {
    expect(said(BASE)).toBe("none");
    expect(said(LEGACY_BASE)).toBe("none");
    expect(said(baseWith({}))).toBe("none");
  });

  test("E1: it is for another chain than the wallet's", () => {
    expect(said(baseWith({ chainId: quantityBytes(1n) }))).toBe("G8_EVM_CHAIN_ID_OTHER");
    expect(said(baseWith({ chainId: quantityBytes(31338n) }))).toBe("G8_EVM_CHAIN_ID_OTHER");
    const legacy = [...itemsOf(LEGACY_BASE).slice(0, 6), quantityBytes(1n), none, none];
    expect(said(encodeRlp(legacy))).toBe("G8_EVM_CHAIN_ID_OTHER");
  });

  test("E1: it names no chain: six fields as before EIP-155, or the chain id 0", () => {
    expect(said(encodeRlp(itemsOf(LEGACY_BASE).slice(0, 6)))).toBe("G8_EVM_CHAIN_ID_MISSING");
    expect(said(encodeRlp([...itemsOf(LEGACY_BASE).slice(0, 6), none, none, none]))).toBe(
      "G8_EVM_CHAIN_ID_MISSING",
    );
    expect(said(baseWith({ chainId: none }))).toBe("G8_EVM_CHAIN_ID_MISSING");
  });

  test("E1: it names a chain whose number is no chain's", () => {
    expect(said(baseWith({ chainId: quantityBytes(31337n + 2n ** 64n) }))).toBe("G5_EVM_RLP_MALFORMED");
  });
});

describe("a signed transaction", () => {
  const sign = (bytes: Uint8Array, chain: ChainId) => {
    const transaction = parseUnsigned(bytes, chain);
    return { transaction, signature: signRecoverable(signingHash(transaction), secret) };
  };

  test.each([
    ["type 2", BASE],
    ["type 0", LEGACY_BASE],
  ])("E1: signed for one chain, it is not taken as one of another (%s)", (_, base) => {
    const { transaction, signature } = sign(base, ANVIL);
    const bytes = encodeSigned(transaction, signature);
    expect(parseSigned(bytes, ANVIL)).toEqual({ transaction, signature });
    expect(codeOf(() => parseSigned(bytes, MAINNET))).toBe("EVM_CHAIN_ID_OTHER");
  });

  test("E1: the same payment on another chain has another hash, so that no signature serves both", () => {
    const { transaction } = sign(LEGACY_BASE, ANVIL);
    expect(signingHash({ ...transaction, chainId: 1n })).not.toEqual(signingHash(transaction));
    expect(encodeUnsigned({ ...transaction, chainId: 1n })).not.toEqual(LEGACY_BASE);
  });

  test("E1: v is 27 or 28, as every chain takes it", () => {
    const fields = itemsOf(LEGACY_BASE).slice(0, 6);
    const { r, s, yParity } = signRecoverable(keccak256(encodeRlp(fields)), secret);
    const withV = (v: bigint) => encodeRlp([...fields, ...[v, r, s].map(quantityBytes)]);
    expect(codeOf(() => parseSigned(withV(27n + BigInt(yParity)), ANVIL))).toBe("EVM_CHAIN_ID_MISSING");
    // 35 and 36 would name the chain 0.
    expect(codeOf(() => parseSigned(withV(35n + BigInt(yParity)), ANVIL))).toBe("EVM_CHAIN_ID_MISSING");
    expect(codeOf(() => parseSigned(withV(2n * 31337n + 35n + BigInt(yParity)), ANVIL))).toBe("none");
  });
});

pair("E1", "the transaction is for another chain than the wallet's", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { chainId: quantityBytes(1n) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CHAIN_ID_OTHER",
  removes: ["a transaction is for the wallet's chain"],
  without: "signed",
});

pair("E1", "the transaction is for chain 0, which is none", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { chainId: none }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CHAIN_ID_MISSING",
  removes: ["no chain has the number 0"],
  without: "G8 EVM_CHAIN_ID_OTHER",
});

pair("E1", "the transaction is one of before EIP-155, which every chain takes", {
  good: fromAccount,
  bad: (offer) => withBase(offer, encodeRlp(itemsOf(LEGACY_BASE).slice(0, 6))),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CHAIN_ID_MISSING",
  removes: ["a transaction names its chain"],
  without: "G5 EVM_TRANSACTION_MALFORMED",
});
