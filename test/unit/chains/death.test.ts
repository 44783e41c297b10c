/** Law 4: what is believed to have killed a plan, on chains where an id is a name and on such where it is not. */
import { describe, expect, test } from "vitest";
import { coversDeath, killerName, provesDeath } from "../../../src/chains/death.ts";
import { nonceKey } from "../../../src/chains/evm/nonce-key.ts";
import { executionBytes } from "../../../src/chains/evm/safe-partial.ts";
import { encodeExecution } from "../../../src/chains/evm/safe-execution.ts";
import { safeNonceKey } from "../../../src/chains/evm/safe-nonce-key.ts";
import { hashSafeTx, makeSafeTx } from "../../../src/chains/evm/safe.ts";
import {
  encodeSigned,
  signingHash,
  transactionHash,
  type EvmTransaction,
} from "../../../src/chains/evm/transaction.ts";
import { makeDocument } from "../../../src/core/document.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { DEAD, type Dead, type DeadDocument } from "../../../src/core/documents/dead.ts";
import { toBase64, toHex } from "../../../src/core/hex.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Deceased } from "../../../src/core/policy/death.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import { signRecoverable } from "../../../signer/sign/evm-ecdsa.ts";
import { header, policyBody, signedDocument } from "../../factory/documents.ts";
import { ANVIL } from "../../factory/evm-account.ts";
import { ownSafe, STRANGERS } from "../../factory/evm-safe.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR } from "../../factory/identities.ts";

const policy = policyBody();
const COIN = `${(policy.wallets[0] as Policy["wallets"][number]).chain}:outpoint:${fixtureDigest("coin")}:0`;
const [rung, cancel, stranger] = ["rung", "cancel", "somebody else's"].map((label) =>
  fixtureDigest(label),
) as [Digest, Digest, Digest];

function deadOf(changes: Partial<Dead> = {}): DeadDocument {
  const dead = makeDocument(DEAD, {
    ...header("dead"),
    plan: fixtureDigest("plan"),
    transactions: [rung, cancel],
    conflictKey: COIN,
    spentBy: stranger,
    block: { hash: fixtureDigest("block"), height: 200 },
    evidence: fixtureDigest("evidence"),
    policy: policy.number,
    ...changes,
  });
  return signedDocument(dead, [ANNA, BEN], at("10:00:00"));
}

function deceased(changes: Partial<Deceased> = {}): Deceased {
  return {
    plan: fixtureDigest("plan"),
    transactions: [rung, cancel],
    cancel,
    conflictKeys: [COIN],
    rows: ["small" as Name],
    operators: new Set([OSCAR.person]),
    ...changes,
  };
}

describe("of coins", () => {
  test("a proof is about this plan, all of its attempts and a coin of it, taken by none of those that pay", () => {
    expect(coversDeath(deadOf(), deceased())).toBe(true);
    expect(coversDeath(deadOf(), deceased({ plan: fixtureDigest("another") }))).toBe(false);
    expect(coversDeath(deadOf(), deceased({ conflictKeys: [`${COIN}1`] }))).toBe(false);
    const more = [rung, cancel, fixtureDigest("another rung")];
    expect(coversDeath(deadOf(), deceased({ transactions: more }))).toBe(false);
    expect(coversDeath(deadOf({ spentBy: rung }), deceased())).toBe(false);
    expect(coversDeath(deadOf({ spentBy: cancel }), deceased())).toBe(true);
    expect(coversDeath(deadOf({ spentBy: cancel }), deceased({ cancel: undefined }))).toBe(false);
  });

  test("F18: no block of theirs holds what failed, and ids are names, which need no bytes", () => {
    expect(coversDeath(deadOf({ spentBy: rung, withoutEffect: true }), deceased())).toBe(false);
    expect(coversDeath(deadOf({ killer: "AAAA" }), deceased())).toBe(false);
    expect(killerName(deadOf().body)).toBe(stranger);
  });

  test("a key of a chain that nobody here reads proves nothing", () => {
    const conflictKey = "cosmos:hub-4:nonce:1";
    expect(coversDeath(deadOf({ conflictKey }), deceased({ conflictKeys: [conflictKey] }))).toBe(false);
  });

  test("it takes the quorum of its strictest band, and its signatures alone prove nothing", () => {
    const rows = [
      { ...policy.rows[0], name: "small", quorum: 1 },
      { ...policy.rows[0], name: "large", quorum: 2 },
    ] as Policy["rows"];
    const byAnna = { ...deadOf(), signatures: deadOf().signatures.slice(0, 1) };
    const proves = (...names: readonly string[]) =>
      provesDeath({ ...policy, rows }, byAnna, deceased({ rows: names as Name[] }));
    expect([proves("small"), proves("small", "large"), proves("gone")]).toEqual([true, false, false]);
    expect(provesDeath(policy, deadOf(), deceased())).toBe(true);
    expect(provesDeath(policy, deadOf(), deceased({ plan: fixtureDigest("another") }))).toBe(false);
  });
});

const [{ secret, address }] = STRANGERS;
const NONCE = nonceKey({ chain: ANVIL, address, nonce: 7n });
const payment: EvmTransaction = {
  type: 2,
  chainId: 31_337n,
  nonce: 7n,
  maxPriorityFeePerGas: 1n,
  maxFeePerGas: 2n,
  gasLimit: 21_000n,
  to: STRANGERS[1].address,
  value: 5n,
  data: new Uint8Array(),
  accessList: [],
};
const signedBytes = (transaction: EvmTransaction) =>
  encodeSigned(transaction, signRecoverable(signingHash(transaction), secret));
const named = (bytes: Uint8Array) => toHex(bytes) as Digest;

describe("of an account's nonce", () => {
  const paid = named(signingHash(payment));
  const of = (transaction: EvmTransaction, changes: Partial<Dead> = {}) => {
    const bytes = signedBytes(transaction);
    const spentBy = named(transactionHash(bytes));
    return deadOf({ conflictKey: NONCE, spentBy, killer: toBase64(bytes), ...changes });
  };
  const plan = deceased({ conflictKeys: [NONCE] });
  const own = { transactions: [paid, cancel], conflictKeys: [NONCE] };

  test("another transaction of the account is known by its bytes", () => {
    expect(coversDeath(of(payment), plan)).toBe(true);
    expect(killerName(of(payment).body)).toBe(paid);
  });

  test("F3: an attempt of the plan that paid is refused under the id that the chain gave it", () => {
    const dead = of(payment, { transactions: own.transactions });
    expect(coversDeath(dead, deceased(own))).toBe(false);
    expect(
      coversDeath(
        deadOf({ conflictKey: NONCE, spentBy: dead.body.spentBy, transactions: own.transactions }),
        deceased(own),
      ),
    ).toBe(false);
  });

  test("bytes of another nonce, of another id, of nobody, or none at all prove nothing", () => {
    expect(coversDeath(of({ ...payment, nonce: 8n }), plan)).toBe(false);
    expect(coversDeath(of(payment, { spentBy: stranger }), plan)).toBe(false);
    expect(coversDeath(of(payment, { killer: "AAAA" }), plan)).toBe(false);
    expect(coversDeath(deadOf({ conflictKey: NONCE }), plan)).toBe(false);
  });

  test("F18: an attempt that failed in its block is dead of that, by people's word; by no other name", () => {
    const failed = (changes: Partial<Dead>) =>
      coversDeath(deadOf({ conflictKey: NONCE, transactions: own.transactions, ...changes }), deceased(own));
    expect(failed({ spentBy: paid, withoutEffect: true })).toBe(true);
    expect(failed({ spentBy: paid })).toBe(false);
    expect(failed({ spentBy: stranger, withoutEffect: true })).toBe(false);
    expect(failed({ spentBy: paid, withoutEffect: true, killer: "AAAA" })).toBe(false);
    expect(failed({ spentBy: cancel })).toBe(true);
  });
});

describe("of a Safe's nonce", () => {
  const safe = ownSafe();
  const key = safeNonceKey({ chain: ANVIL, safe: safe.address, nonce: 7n });
  const tx = makeSafeTx({ to: address, value: 1n, data: new Uint8Array(), operation: 0, nonce: 7n });
  const name = named(hashSafeTx(tx, { chainId: 31_337n, address: safe.address }).digest);
  const executed = (nonce: bigint) =>
    toBase64(executionBytes({ safe: safe.address, nonce, data: encodeExecution(tx, new Uint8Array(65)) }));
  const dead = (changes: Partial<Dead> = {}) =>
    deadOf({ conflictKey: key, spentBy: name, killer: executed(7n), ...changes });
  const plan = deceased({ conflictKeys: [key] });

  test("another transaction of the Safe is known by the Safe's own hash, whoever carried it", () => {
    expect(coversDeath(dead(), plan)).toBe(true);
    expect(coversDeath(dead({ spentBy: stranger }), plan)).toBe(false);
    expect(coversDeath(dead({ killer: executed(8n) }), plan)).toBe(false);
    expect(coversDeath(dead({ killer: "AAAA" }), plan)).toBe(false);
  });

  test("F3: what its owners signed for the plan has settled it", () => {
    const own = { transactions: [name, cancel], conflictKeys: [key] };
    expect(coversDeath(dead({ transactions: own.transactions }), deceased(own))).toBe(false);
  });
});
